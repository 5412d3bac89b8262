import { setFlagsFromString } from 'node:v8';
import type { AwsContext, Log } from '../../aws/context';
import { removeIfPossible } from '../../files';
import type { Program } from '../../launch/program';
import { Problem } from '../../problem';
import { reasonOf } from '../../text';
import { openStore } from '../store';
import type { OpenCarrier } from '../transport/carrier';
import { openNativeCarrier } from '../transport/native';
import type { Transport } from '../tunnel';
import { LogFile, renameLogFile } from './log-file';
import type { OpenerMessage, WorkerMessage, WorkerOrder } from './order';
import { Worker } from './worker';
import { WorkerCaller } from './worker-caller';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];
const TRANSPORTS: Record<Transport, (context: AwsContext) => Promise<OpenCarrier>> = {
  'native': openNativeCarrier,
  'aws-cli': async (context) => (await import('../transport/aws-cli')).openAwsCliCarrier(context),
};
/** Until there is an order, what is said on the standard output goes to a log of no tunnel. */
const FIRST_LOG = process.argv[3];

/** The detached process: waits for its order, opens the tunnel, and stays until it is told to go. */
async function work(order: WorkerOrder, program: Program): Promise<void> {
  const store = await openStore(order.dir);
  const { log: logPath } = store.pathsOf(order.hash);
  if (FIRST_LOG !== undefined) renameLogFile(FIRST_LOG, logPath);
  const file = new LogFile(logPath);
  const log = reportingLog(file);
  const caller = new WorkerCaller(order.aws.profile);
  const aws = { region: order.aws.region, get profile() { return caller.profile; }, get caller() { return caller.turn; } };
  const context: AwsContext = { aws, log };
  let openCarrier: OpenCarrier | undefined;
  const worker = new Worker({
    order,
    store,
    log,
    context,
    caller,
    openCarrier: async (request) => {
      openCarrier ??= await TRANSPORTS[order.transport](context);
      return openCarrier(request);
    },
    quiet: () => file.end(),
    ended: () => process.exit(0),
  });
  let adopted = false;
  process.on('message', (message: OpenerMessage) => {
    if (message.type !== 'adopt') return;
    adopted = true;
    program.keep();
    worker.adopt();
    report({ type: 'adopted' }, () => {
      process.disconnect?.();
      program.saveCode();
      // It idles all day: memory counts for more than speed. Not earlier, nor on the command line, where it would make V8 refuse all compiled code, Node's own too.
      setFlagsFromString('--optimize-for-size');
    });
  });
  process.on('disconnect', () => {
    if (!adopted) void worker.close('the process that opened it is gone');
  });
  for (const signal of SIGNALS) process.on(signal, () => void worker.close(`got ${signal}`));
  process.once('uncaughtException', (error) => {
    log.error(`unexpected: ${error.stack ?? error.message}`);
    // Whatever fails while it closes must not keep it from ending.
    process.on('uncaughtException', () => process.exit(1));
    void worker.close('unexpected error');
  });
  if (!process.connected) return worker.close('the process that opened it is gone');

  try {
    await worker.open();
    report({ type: 'ready' });
  } catch (error) {
    const problem = Problem.is(error) ? error : new Problem('UNEXPECTED', reasonOf(error));
    log.error(problem.message);
    await new Promise<void>((resolve) => report({ type: 'failed', problem: problem.toJSON() }, resolve));
    await worker.close('it could not be opened');
  }
}

/** What the worker does while it opens is shown to whoever waits. */
function reportingLog(file: Log): Log {
  const tell = (level: 'debug' | 'info' | 'warn') => (message: string, details?: object) => {
    file[level](message, details);
    report({ type: 'progress', level, message });
  };
  return { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: (message, details) => file.error(message, details) };
}

function report(message: WorkerMessage, sent: () => void = () => undefined): void {
  if (!process.connected) return sent();
  process.send!(message, undefined, undefined, () => sent());
}

export function main(program: Program): void {
  if (!process.send) {
    process.stderr.write('this program is started by `connect`, not by hand\n');
    process.exitCode = 2;
    return;
  }
  process.title = 'connect-worker';
  // Both are the log file: a disk that is full is no reason to end.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  process.once('message', (message: OpenerMessage) => {
    if (message.type === 'order') void work(message, program);
  });
  process.once('disconnect', () => setImmediate(() => {
    if (process.listenerCount('disconnect') > 0) return;
    if (FIRST_LOG !== undefined) removeIfPossible(FIRST_LOG);
    process.exit(0);
  }));
  // Every order leads there: what can be loaded until it comes is loaded.
  setImmediate(() => void import('../../aws/hot-path'));
}
