import { printable } from '../../text';

/** What the official client says on its standard output, as far as it matters. */
export type PluginEvent =
  | { readonly type: 'session'; readonly sessionId: string }
  | { readonly type: 'port'; readonly port: number }
  | { readonly type: 'waiting' }
  | { readonly type: 'refused' };

const PATTERNS: readonly [pattern: RegExp, event: (match: RegExpExecArray) => PluginEvent][] = [
  [/Starting session with SessionId: (\S+)(?=\s)/, (match) => ({ type: 'session', sessionId: printable(match[1]) })],
  // Comes without a line's end, right before the line that follows.
  [/Port (\d{1,5}) opened for sessionId \S+?\.(?=\s|$)/, (match) => ({ type: 'port', port: Number(match[1]) })],
  [/Waiting for connections\.\.\./, () => ({ type: 'waiting' })],
  [/Connection to destination port failed/, () => ({ type: 'refused' })],
];
const FAREWELLS: readonly RegExp[] = [
  /SessionId: \S+ : ([^\n]+)\n/,
  /(Session: \S+ timed out)/,
  /(Cannot perform start session: [^\n]+)\n/,
  /(Exiting session with sessionId: \S+?)\.\s/,
];

/** Reads the words of the plugin, in whatever pieces they come. */
export class PluginOutput {
  /** Why it ended, when it said so. */
  farewell?: string;
  private unread = '';
  private tail = '';

  push(text: string): PluginEvent[] {
    this.tail = (this.tail + text).slice(-4096);
    this.farewell ??= FAREWELLS.map((pattern) => pattern.exec(this.tail)?.[1]).find(Boolean);
    if (this.farewell) this.farewell = printable(this.farewell);
    this.unread += text;
    const events: PluginEvent[] = [];
    for (let next = this.next(); next; next = this.next()) events.push(next);
    this.unread = this.unread.slice(-4096);
    return events;
  }

  /** The earliest thing said that is still unread. */
  private next(): PluginEvent | undefined {
    const found = PATTERNS
      .map(([pattern, event]) => ({ match: pattern.exec(this.unread), event }))
      .filter((one): one is { match: RegExpExecArray; event: typeof one.event } => one.match !== null)
      .sort((one, other) => one.match.index - other.match.index)[0];
    if (!found) return undefined;
    this.unread = this.unread.slice(found.match.index + found.match[0].length);
    return found.event(found.match);
  }
}
