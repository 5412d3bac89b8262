import { EventEmitter } from 'node:events';
import type { Environment, Host, OutputStream, Picker, Tunnels } from '../../src/cli/host';
import { run } from '../../src/cli/run';
import type { TunnelView } from '../../src/tunnel/tunnel';

export const VIEW: TunnelView = {
  name: 'ahbodedb',
  role: 'writer',
  status: 'OPEN',
  host: '127.0.0.1',
  port: 15432,
  pid: 4711,
  account: '123456789012',
  region: 'us-east-1',
  engine: 'aurora-postgresql',
  database: 'app',
  remote: { host: 'ahbodedb.cluster-abc.us-east-1.rds.amazonaws.com', port: 5432 },
  bastion: { exid: 'vpc-main-bastion', instanceId: 'i-0abc' },
  transport: 'native',
  openedAt: '2026-11-21T10:00:00.000Z',
};

export class FakeStream extends EventEmitter implements OutputStream {
  text = '';
  columns?: number;
  constructor(readonly isTTY = false) {
    super();
  }

  write(text: string, done?: () => void): boolean {
    this.text += text;
    done?.();
    return true;
  }
}

export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What stdout holds, parsed. */
  readonly json: any;
  /** Whether what is behind the command line was asked for at all. */
  readonly loaded: boolean;
}

/** Nothing is known of who logs in, and nothing is asked. */
const NO_LOGIN: Partial<Tunnels> = { canVerifyTls: () => false, checkLogin: () => undefined, logIn: async () => ({ auth: 'none', database: VIEW.database }), speaksTls: async () => undefined };

/** Runs a command line in this process, in front of the given tunnels; what is not given must not be called. */
export async function runFake(args: string[], { tunnels = {}, environment = {}, isTTY = false, pick }: {
  tunnels?: Partial<Tunnels>; environment?: Environment; isTTY?: boolean; pick?: Picker['pick'];
} = {}): Promise<Ran> {
  const [stdout, stderr] = [new FakeStream(isTTY), new FakeStream(isTTY)];
  let loaded = false;
  const host: Host = {
    environment,
    stdout,
    stderr,
    stdin: { isTTY },
    loadPicker: pick && (async () => ({ pick })),
    loadTunnels: async () => {
      loaded = true;
      return { ...NO_LOGIN, ...tunnels } as Tunnels;
    },
  };
  const exit = await run(args, host);
  return { exit, stdout: stdout.text, stderr: stderr.text, loaded, get json() { return JSON.parse(stdout.text); } };
}
