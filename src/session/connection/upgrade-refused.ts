import type { IncomingMessage } from 'node:http';
import { printable } from '../../text';

const NOT_ALLOWED = 'have whoever connects granted ssmmessages:OpenDataChannel (grantConnect of the target does)';

/** The service turned a WebSocket down. What else it says stays unread: it may repeat what was signed. */
export class UpgradeRefused extends Error {
  readonly name = 'UpgradeRefused';
  /** Milliseconds that the service asks us to stay away; 0 where it does not. */
  readonly retryAfter: number;
  /** What to do about it, where something can be done. */
  readonly next?: string;

  constructor({ statusCode, statusMessage, headers }: Pick<IncomingMessage, 'statusCode' | 'statusMessage' | 'headers'>) {
    super(`the service refused the connection (${statusCode} ${printable(statusMessage)})`);
    this.next = statusCode === 403 ? NOT_ALLOWED : undefined;
    this.retryAfter = millisecondsOf(headers['retry-after'] ?? '');
  }
}

/** Seconds, or a date. */
function millisecondsOf(header: string): number {
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Math.max(0, milliseconds || 0);
}
