import { LocalAws } from '../../test/local-aws';
import { serve } from './helper';

const TARGET_HOST = 'bench.internal';
const PROPERTIES = { host: TARGET_HOST, portNumber: '5432', localPortNumber: '0', type: 'LocalPortForwarding' };

export interface Network {
  /** Milliseconds on top of what loopback takes. */
  readonly roundTrip: number;
  /** What the service takes from, and hands to, one session; 0 is no limit. */
  readonly packetsPerSecond: number;
}

/** What a client needs to come to a session. */
export interface Ticket { readonly url: string; readonly token: string }

/** What the service had against its clients. */
export interface Objections { readonly paused: number; readonly closed: number; readonly resentByClients: number; readonly resentByAgents: number }

let aws: LocalAws | undefined;
const sessions: string[] = [];

/** The local AWS with its faithful agent. */
const methods = {
  /** @returns the environment of who talks to it */
  async start({ template, targetPort }: { template: string; targetPort: number }): Promise<Readonly<Record<string, string>>> {
    aws = await LocalAws.start({ template });
    const address = { host: '127.0.0.1', port: targetPort };
    const { endpoint, readerEndpoint } = aws.clusters.get('ahbodedb');
    for (const name of [endpoint, readerEndpoint, TARGET_HOST]) aws.hosts.map(name, address);
    aws.gateway.faults.unsignedAllowed = true;
    return aws.environment;
  },
  setNetwork({ roundTrip, packetsPerSecond }: Network): void {
    const { faults, gateway } = aws!;
    // Below a millisecond each way an acknowledgement can overtake the agent's own bookkeeping.
    gateway.faults.delay = Math.max(1, roundTrip / 2);
    gateway.faults.packetsPerSecond = packetsPerSecond;
    faults.clear();
    if (roundTrip > 0) faults.delay('*', roundTrip);
  },
  /** A session for a client that knows nothing but the data channel. */
  openSession(): Ticket {
    const sessionId = `bench-${sessions.length}`;
    sessions.push(sessionId);
    const token = `token-${sessionId}`;
    aws!.gateway.open({ sessionId, token, instanceId: 'i-0123456789abcdef0', properties: PROPERTIES });
    return { url: `${aws!.endpoint.replace('http', 'ws')}/v1/data-channel/${sessionId}?role=publish_subscribe`, token };
  },
  endSessions(): void {
    for (const sessionId of sessions) aws!.gateway.terminate(sessionId);
  },
  objections(): Objections {
    const { pauses, limited, toAgent, toClient } = aws!.gateway.counters;
    return { paused: pauses, closed: limited, resentByClients: toAgent.resends, resentByAgents: toClient.resends };
  },
};
export type FixtureMethods = typeof methods;

serve(methods);
