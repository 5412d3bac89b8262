import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsContext, Log } from '../../aws/context';
import { Problem } from '../../problem';
import { counted, reasonOf, withAdvice } from '../../text';
import type { ControlRequest, HoldRequest, UseRequest, WorkerPhase, WorkerStatus } from '../control/protocol';
import { ControlServer } from '../control/server';
import { Doorkeeper } from '../peers';
import { identifyProcess } from '../process-identity';
import type { Store } from '../store';
import type { TunnelMeta } from '../store/meta';
import type { OpenCarrier } from '../transport/carrier';
import { LOOPBACK, type ResolvedTarget } from '../tunnel';
import { bastionCalls } from './aws-calls';
import { openOnBastion } from './bastion-waker';
import { FileGuard } from './file-guard';
import { Dispatcher } from './lanes/dispatcher';
import { Listener } from './listener';
import type { WorkerOrder } from './order';
import type { WorkerCaller } from './worker-caller';

export interface WorkerParts {
  readonly order: WorkerOrder;
  readonly store: Store;
  readonly log: Log;
  readonly context: AwsContext;
  readonly caller: WorkerCaller;
  readonly openCarrier: OpenCarrier;
  /** Called before the files go: nothing may be written to the log any more. */
  readonly quiet: () => void;
  /** Called once, when all that this worker held is given back. */
  readonly ended: () => void;
}

/** Owns one tunnel: its files, its port, its control channel and its sessions. */
export class Worker {
  private phase: WorkerPhase = 'opening';
  private readonly dispatcher: Dispatcher;
  private readonly doorkeeper: Doorkeeper;
  private readonly listener: Listener;
  private readonly control: ControlServer;
  private readonly guard: FileGuard;
  private readonly identity = identifyProcess(process.pid)!;
  private readonly openedAt = new Date().toISOString();
  private packetsPerSecond?: number;
  private activity?: string;
  private readonly unixSockets: string[] = [];
  /** Why it is closing. */
  private ending?: string;
  private holders = 0;
  private closing?: Promise<void>;

  constructor(private readonly parts: WorkerParts) {
    const { order, store, log } = parts;
    const controlPath = store.pathsOf(order.hash).sock;
    this.packetsPerSecond = order.packetsPerSecond;
    if (order.unixSocket !== undefined) this.unixSockets.push(order.unixSocket);
    this.dispatcher = new Dispatcher({
      target: order.target,
      instanceId: order.instanceId,
      most: order.lanes,
      log,
      open: async (target, instanceId, deadline, signal) => this.openSession(target, instanceId, deadline, signal),
      changed: () => this.rewrite(),
    });
    this.doorkeeper = new Doorkeeper({ port: order.localPort, log, isShared: order.shared });
    this.listener = new Listener(order.localPort, this.doorkeeper, (socket) => void this.carry(socket));
    this.control = new ControlServer(controlPath, {
      answer: async (request) => this.answer(request),
      held: (request, isOver) => this.held(request, isOver),
    });
    this.guard = new FileGuard({
      store,
      log,
      hash: order.hash,
      meta: () => this.meta(),
      isReachable: () => this.control.isReachable,
      makeReachable: async () => this.control.listen(),
      lost: (reason) => void this.close(reason),
    });
  }

  /** Everything up to the first session: whoever finds the port open finds the files too. */
  async open(): Promise<void> {
    this.guard.write();
    await this.control.listen();
    this.guard.start();
    await Promise.all([this.listen(), this.dispatcher.open(this.parts.order.deadline)]);
  }

  private async listen(): Promise<void> {
    await this.listener.listen();
    for (const path of this.unixSockets) await this.listener.listenOnSocket(path);
  }

  adopt(): void {
    this.phase = 'open';
    void this.control.changed();
    const { order: { target, localPort }, log } = this.parts;
    log.debug(`tunnel to ${target.name} (${target.role}) is open on ${LOOPBACK}:${localPort}`);
  }

  /**
   * Gives everything back: the port, the sessions, the files.
   * @param drain milliseconds for which open connections may go on, unless this is called again with fewer
   */
  async close(why: string, drain = 0): Promise<void> {
    if (drain > 0) await this.drain(why, drain);
    this.closing ??= this.giveBack(why);
    return this.closing;
  }

  private async drain(why: string, patience: number): Promise<void> {
    const { connections } = this.listener;
    this.end(`${why}, once ${counted(connections, 'connection has', 'connections have')} ended or ${patience / 1000} s are over`);
    await Promise.race([this.listener.stop(), sleep(patience)]);
  }

  private end(why: string): void {
    this.phase = 'closing';
    this.ending ??= why;
    this.parts.log.info(`closing: ${why}`);
    void this.control.changed();
  }

  private async giveBack(why: string): Promise<void> {
    const { store, order, quiet, ended } = this.parts;
    this.end(why);
    this.guard.stop();
    await Promise.allSettled([this.listener.close(), this.dispatcher.close(why)]);
    await this.control.close();
    quiet();
    try {
      store.remove(order.hash);
    } finally {
      // Where the files cannot be taken away, their folder is gone or closed to us: nobody finds a tunnel by them.
      ended();
    }
  }

  private async openSession(target: ResolvedTarget, instanceId: string, deadline: number, signal: AbortSignal): ReturnType<typeof openOnBastion> {
    const { order, log, context, openCarrier } = this.parts;
    const { packetsPerSecond } = this;
    const info = (message: string): void => {
      this.activity = message;
      log.info(message);
    };
    try {
      return await openOnBastion({
        target,
        instanceId,
        deadline,
        signal,
        log: { ...log, info },
        reason: order.reason,
        packetsPerSecond,
        calls: bastionCalls({ ...context, signal }),
        openCarrier,
      });
    } finally {
      this.activity = undefined;
    }
  }

  private async carry(socket: Socket): Promise<void> {
    try {
      await this.dispatcher.carry(socket);
    } catch (error) {
      const what = `a connection was refused, since there is no session: ${reasonOf(error)}`;
      this.parts.log.warn(withAdvice(what, Problem.is(error) ? error.next : undefined));
      socket.destroy();
    }
  }

  private async answer(request: ControlRequest): Promise<WorkerStatus> {
    if (request.op === 'use') this.use(request);
    if (request.op === 'listen') await this.listenOn(request.socket);
    if (request.op === 'close') setImmediate(() => void this.close('asked to', request.drain));
    return this.status();
  }

  /** The control channel has one holder more, or one less. */
  private held({ thenClose }: HoldRequest, isOver: boolean): WorkerStatus {
    this.holders += isOver ? -1 : 1;
    if (!isOver || !thenClose || this.holders > 0) return this.status();
    // What is said now has to arrive before the channel is closed.
    setImmediate(() => void this.close('the command that it was opened for is done'));
    return { ...this.status(), phase: 'closing' };
  }

  private status(): WorkerStatus {
    const { phase, ending, activity, holders, listener: { connections }, dispatcher: { trouble, lanes: { sessions, traffic, reconnects } } } = this;
    return { phase, ending, sessions, connections, holders, traffic, reconnects, activity, lastError: trouble?.message, next: trouble?.next };
  }

  private use({ target, caller, lanes, packetsPerSecond, shared }: UseRequest): void {
    if (shared) this.share();
    const { trouble, isRefused } = this.dispatcher;
    if (caller && this.parts.caller.offer(caller, isRefused)) this.parts.log.info('new sessions are started in the name of whoever asked for the tunnel last');
    if (lanes !== undefined) this.dispatcher.limitTo(lanes);
    if (packetsPerSecond !== undefined) this.packetsPerSecond = packetsPerSecond;
    this.dispatcher.use(target);
    if (trouble || isRefused) this.dispatcher.retry();
  }

  /** The files say it first: who cleans up after us has to know of it. */
  private async listenOn(path: string): Promise<void> {
    if (this.unixSockets.includes(path) || this.phase === 'closing') return;
    this.unixSockets.push(path);
    this.rewrite();
    try {
      await this.listener.listenOnSocket(path);
      this.parts.log.info(`the tunnel is reached by ${path} too`);
    } catch (error) {
      this.unixSockets.splice(this.unixSockets.indexOf(path), 1);
      this.rewrite();
      this.parts.log.warn(reasonOf(error));
      throw error;
    }
  }

  private share(): void {
    if (this.doorkeeper.isShared) return;
    this.doorkeeper.share();
    this.parts.log.info('from here on every user of this machine may use the tunnel');
    this.rewrite();
  }

  private rewrite(): void {
    if (this.closing) return;
    void this.control.changed();
    try {
      this.guard.write();
    } catch (error) {
      void this.close(`its files cannot be kept: ${reasonOf(error)}`);
    }
  }

  private meta(): TunnelMeta {
    const { order } = this.parts;
    const { target, instanceId, lanes: { sessionIds, children } } = this.dispatcher;
    return {
      version: 1,
      name: target.name,
      role: target.role,
      host: LOOPBACK,
      port: order.localPort,
      account: target.account,
      region: target.region,
      profile: this.parts.caller.profile,
      engine: target.engine,
      database: target.database,
      remote: { host: target.host, port: target.port },
      bastion: { exid: target.bastion.exid, instanceId },
      document: target.document,
      foundBy: target.foundBy,
      prefix: target.prefix,
      transport: order.transport,
      shared: this.doorkeeper.isShared || undefined,
      unixSockets: this.unixSockets.length > 0 ? this.unixSockets : undefined,
      openedAt: this.openedAt,
      worker: this.identity,
      sessionIds,
      children,
    };
  }
}
