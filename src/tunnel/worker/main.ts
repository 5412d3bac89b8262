import { join } from 'node:path';
import type { AwsContext, Log } from '../../aws/context';
import type * as slowPath from '../../aws/slow-path';
import { Problem } from '../../problem';
import { reasonOf } from '../../text';
import { openStore } from '../store';
import { openAwsCliCarrier } from '../transport/aws-cli';
import type { OpenCarrier } from '../transport/carrier';
import { openNativeCarrier } from '../transport/native';
import type { Transport } from '../tunnel';
import { keepModule } from './kept-module';
import { LogFile } from './log-file';
import type { OpenerMessage, WorkerMessage, WorkerOrder } from './order';
import { Worker } from './worker';
import { WorkerCaller } from './worker-caller';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];
const TRANSPORTS: Record<Transport, (context: AwsContext) => Promise<OpenCarrier>> = {
  'native': openNativeCarrier,
  'aws-cli': openAwsCliCarrier,
};

/** The detached process: waits for its order, opens the tunnel, and stays until it is told to go. */
async function work(order: WorkerOrder): Promise<void> {
  const store = await openStore(order.dir);
  const file = new LogFile(store.pathsOf(order.hash).log);
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
    loadSlowPath: keepModule<typeof slowPath>(join(__dirname, 'lookup.cjs')),
    quiet: () => file.end(),
    ended: () => process.exit(0),
  });
  let adopted = false;
  process.on('message', (message: OpenerMessage) => {
    if (message.type !== 'adopt') return;
    adopted = true;
    worker.adopt();
    report({ type: 'adopted' }, () => process.disconnect?.());
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

if (!process.send) {
  process.stderr.write('this program is started by `connect`, not by hand\n');
  process.exitCode = 2;
} else {
  process.title = 'connect-worker';
  process.once('message', (message: OpenerMessage) => {
    if (message.type === 'order') void work(message);
  });
  process.once('disconnect', () => setImmediate(() => {
    if (process.listenerCount('disconnect') === 0) process.exit(0);
  }));
}
