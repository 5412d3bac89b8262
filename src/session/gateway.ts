import type { Agent } from 'node:http';

/** What StartSession and ResumeSession give: where the data channel is, and the secret that opens it. Spelled as AWS spells it. */
export interface SessionTicket {
  readonly SessionId: string;
  /** A secret: in memory and on the wire only. */
  readonly TokenValue: string;
  readonly StreamUrl: string;
}

export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** What time it is for the service, where this machine's clock is wrong. @default - now */
  readonly signingDate?: Date;
}

/** The control plane of one session, as far as a session needs it. It is handed in: `session/` makes no call to AWS by itself. */
export interface SessionGateway {
  readonly region: string;
  start(): Promise<SessionTicket>;
  /** A fresh token for a session that still exists; undefined when it is over. */
  resume(sessionId: string): Promise<SessionTicket | undefined>;
  terminate(sessionId: string): Promise<void>;
  /** What the WebSocket upgrade is signed with. */
  credentials(): Promise<SigningCredentials>;
  /** What the WebSocket goes through, such as a proxy. @default - the network, directly */
  agent?(url: URL): Promise<Agent | undefined>;
  /** What to type when the WebSocket cannot be had; undefined where there is nothing to say. */
  advise?(failure: unknown): string | undefined;
}
