import { PAYLOAD_TYPES } from '../../../src/session/wire/message';
import type { AgentBehaviour } from './behaviour';
import type { AgentTiming } from './timing';

const SUCCEEDED = 1;
const NANOSECONDS = 1_000_000;

export interface HandshakeOptions {
  readonly properties: Readonly<Record<string, string>>;
  readonly behaviour: AgentBehaviour;
  readonly timing: AgentTiming;
  readonly send: (payloadType: number, payload: Buffer) => void;
  readonly completed: () => void;
  /** It came to nothing; the session ends with this text. */
  readonly failed: (output: string) => void;
}

interface HandshakeResponse {
  readonly ClientVersion: string;
  readonly ProcessedClientActions: readonly { ActionType: string; ActionStatus: number; Error: string }[];
}

/** The agent asks, the client answers, the agent says that it is done. */
export class Handshake {
  complete = false;
  /** What the client says it is. */
  clientVersion = '';
  private startedAt = 0;
  private limit?: NodeJS.Timeout;

  constructor(private readonly options: HandshakeOptions) {}

  start(): void {
    const { behaviour, properties, send, timing, failed } = this.options;
    const sorted = Object.fromEntries(Object.entries(properties).sort());
    const actions: object[] = [{ ActionType: 'SessionType', ActionParameters: { SessionType: 'Port', Properties: sorted } }];
    if (behaviour.kmsKeyId) actions.push({ ActionType: 'KMSEncryption', ActionParameters: { KMSKeyId: behaviour.kmsKeyId } });
    this.startedAt = performance.now();
    this.limit = setTimeout(
      () => failed('Handshake timed out. Please ensure that you have the latest version of the session manager plugin.'),
      timing.handshakeLimit,
    );
    send(PAYLOAD_TYPES.HANDSHAKE_REQUEST, json({ AgentVersion: behaviour.version, RequestedClientActions: actions }));
  }

  /** Takes the client's answer. A second one changes nothing. */
  respond(payload: Buffer): void {
    if (this.complete) return;
    const response = JSON.parse(payload.toString()) as HandshakeResponse;
    clearTimeout(this.limit);
    const undone = response.ProcessedClientActions.find((action) => action.ActionStatus !== SUCCEEDED);
    if (undone) {
      this.options.failed(`${undone.ActionType} failed on client with status ${undone.ActionStatus} error: ${undone.Error}`);
      return;
    }
    this.clientVersion = response.ClientVersion;
    this.complete = true;
    this.options.send(PAYLOAD_TYPES.HANDSHAKE_COMPLETE, json({
      HandshakeTimeToComplete: Math.round((performance.now() - this.startedAt) * NANOSECONDS),
      CustomerMessage: this.options.behaviour.customerMessage,
    }));
    this.options.completed();
  }

  close(): void {
    clearTimeout(this.limit);
  }
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
