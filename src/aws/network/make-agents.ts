import type { Agent } from 'node:http';
import type { AgentOptions } from 'node:https';
import { trust } from './certificates';
import { PlainAgent, TlsAgent } from './proxied-agents';

/** As the SDK takes them. */
export interface Agents {
  readonly httpAgent: Agent;
  readonly httpsAgent: Agent;
}

/** As the SDK has its own. */
const POOL = { keepAlive: true, maxSockets: 50 } as const;

/** @throws Problem USAGE where the certificates that the environment names cannot be read */
export function makeAgents(): { readonly forCalls: Agents; readonly forWebSockets: Agents } {
  const secureContext = trust();
  const agentsWith = (options: AgentOptions): Agents => ({ httpAgent: new PlainAgent(options), httpsAgent: new TlsAgent(options) });
  // A WebSocket has a connection of its own: one that calls have left may be closed by now.
  return { forCalls: agentsWith({ ...POOL, secureContext }), forWebSockets: agentsWith({ secureContext }) };
}
