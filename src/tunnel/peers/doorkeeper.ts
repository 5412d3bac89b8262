import type { Socket } from 'node:net';
import type { Log } from '../../aws/context';
import { reasonOf } from '../../text';
import { listeningInode } from '../ports/proc-net';
import { peerName } from './peer-name';
import { type Peer, PeerTable } from './peer-table';
import { Refusals } from './refusals';

/** Who may read our memory anyway. */
const ROOT = 0;

export interface DoorkeeperOptions {
  readonly port: number;
  readonly log: Pick<Log, 'debug' | 'warn'>;
  /** Whether every user of this machine is let in. @default false */
  readonly isShared?: boolean;
  /** @default - the kernel's own */
  readonly table?: PeerTable;
  /** Whose connections are ours. @default - this process's user */
  readonly uid?: number;
}

/** Lets in the user whose tunnel it is, and root. A port on loopback is open to every user of the machine; where Linux shows whose a connection is, we look. */
export class Doorkeeper {
  private readonly table: PeerTable;
  private readonly uid?: number;
  private readonly refusals: Refusals;
  private shared: boolean;
  private canTell = false;

  constructor(private readonly options: DoorkeeperOptions) {
    const { log, isShared = false, table = new PeerTable(), uid = process.getuid?.() } = options;
    this.refusals = new Refusals(log);
    this.table = table;
    this.uid = uid;
    this.shared = isShared;
  }

  get isShared(): boolean {
    return this.shared;
  }

  /** From here on everybody is let in. */
  share(): void {
    this.shared = true;
  }

  /**
   * To be called when the port is listened on, before anybody comes in: whether connections can be told apart is seen by our own socket.
   * Later it could be another user who brings it about that nothing can be read.
   */
  start(): void {
    const { port, log } = this.options;
    const isShown = (): boolean => listeningInode(port) !== undefined;
    // The table is no snapshot: a look may miss what is there, where others come and go.
    this.canTell = this.uid !== undefined && (isShown() || isShown());
    if (!this.canTell && !this.shared) log.debug('this system does not show whose a connection is: any local user may use the tunnel');
  }

  /** Whether a connection, of which nothing has been read yet, may come in. Never rejects. */
  async admits(socket: Socket): Promise<boolean> {
    if (this.shared || !this.canTell) return true;
    const name = peerName(socket);
    // It was reset before we came to it.
    if (name === undefined) return false;
    const refusal = await this.refusalOf(name);
    if (refusal === undefined || this.shared) return true;
    this.refusals.add(refusal);
    return false;
  }

  private async refusalOf(name: string): Promise<string | undefined> {
    try {
      // The table is no snapshot: a look may miss one that is there.
      return this.judge(await this.table.find(name) ?? await this.table.find(name));
    } catch (error) {
      return `whose it is could not be read: ${reasonOf(error)}`;
    }
  }

  /** @returns why it is refused; undefined when it is let in */
  private judge(peer: Peer | undefined): string | undefined {
    if (peer === undefined) return `whose it is cannot be seen from here; ${HOW_TO_SHARE}`;
    if (!peer.isHeld && peer.uid === ROOT) return `it was closed before we could see whose it was; ${HOW_TO_SHARE}`;
    return [ROOT, this.uid].includes(peer.uid) ? undefined : `it is another user's (uid ${peer.uid}); ${HOW_TO_SHARE}`;
  }
}

const HOW_TO_SHARE = 'with --shared every local user may use the tunnel';
