import type { Agent } from 'node:http';
import type { Agents, makeAgents } from './make-agents';
import { hasProxies } from './proxies';

export type { Agents } from './make-agents';

let known: { readonly bundle?: string; readonly agents: ReturnType<typeof makeAgents> } | undefined;

/** What the calls of a client go through: agents that go by the environment, and Node's own where it names neither proxy nor certificates. */
export async function agentsForCalls(): Promise<Partial<Agents>> {
  return (await agents())?.forCalls ?? {};
}

/** What a WebSocket to a URL goes through; undefined where that is Node's own agent. */
export async function agentForWebSocket({ protocol }: URL): Promise<Agent | undefined> {
  const { httpAgent, httpsAgent } = (await agents())?.forWebSockets ?? {};
  return protocol === 'wss:' ? httpsAgent : httpAgent;
}

/** @throws Problem USAGE where the environment names certificates that cannot be read */
async function agents(): Promise<ReturnType<typeof makeAgents> | undefined> {
  const bundle = process.env.AWS_CA_BUNDLE || undefined;
  if (bundle === undefined && !hasProxies()) return undefined;
  // Loaded by those only who have a use for it.
  if (known === undefined || known.bundle !== bundle) known = { bundle, agents: (await import('./make-agents')).makeAgents() };
  return known.agents;
}
