import type { LiveTunnel, OpenedTunnel } from '../tunnel';
import { failureOf } from './errors';
import type { Output } from './output';
import { withoutOurs } from './shown';

/** What happens to one target, for programs that read along: a line of JSON each. Without --json nothing is said. */
export class Events {
  static of({ name, role }: OpenedTunnel, output: Output): Events {
    return new Events(output, name, role);
  }

  private state = '';
  private reconnects?: number;

  constructor(private readonly output: Output, private readonly target: string, private readonly role: string) {}

  /** Does what opens the tunnel, and says that it begins and, where it comes to nothing, why. */
  async opening<Result>(open: () => Promise<Result>): Promise<Result> {
    this.say('opening');
    try {
      return await open();
    } catch (error) {
      this.closed(error);
      throw error;
    }
  }

  ready(shown: object): void {
    this.say('ready', shown);
  }

  /** Says what has become of its sessions since the last time. */
  now(tunnel: OpenedTunnel, live: LiveTunnel): void {
    const { activity, lastError, next, reconnects, sessions } = live;
    const trouble = sessions.length === 0 ? activity ?? lastError ?? 'there is no session; the next connection opens one' : sessions.find((session) => session.trouble)?.trouble;
    const wasResumed = trouble === undefined && this.state === '' && reconnects > (this.reconnects ?? reconnects);
    this.reconnects = reconnects;
    if (trouble !== undefined && trouble !== this.state) this.say('reconnecting', { reason: trouble, next });
    if (wasResumed) this.say('reconnecting', { reason: 'a session was lost, and is there again' });
    if (trouble === undefined && (this.state !== '' || wasResumed)) this.ready({ ...withoutOurs(tunnel), ...live });
    this.state = trouble ?? '';
  }

  /** @param why what ended it; of a failure there is all that one can act on */
  closed(why: unknown): void {
    const { code, exit, message, next } = failureOf(why);
    this.say('closed', { reason: message, error: { code, exit, message, next } });
  }

  private say(event: 'opening' | 'ready' | 'reconnecting' | 'closed', details: object = {}): void {
    const { target, role } = this;
    if (this.output.isJsonLines) this.output.result('', { event, time: new Date().toISOString(), target, role, ...details });
  }
}
