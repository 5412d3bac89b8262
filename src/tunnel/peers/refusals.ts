import type { Log } from '../../aws/context';
import { counted } from '../../text';

const INTERVAL = 60_000;

/** Says what was refused: the first time at once, and then, for each reason, how often in each minute. */
export class Refusals {
  private readonly unsaid = new Map<string, number>();

  constructor(private readonly log: Pick<Log, 'warn'>) {}

  add(reason: string): void {
    const unsaid = this.unsaid.get(reason);
    this.unsaid.set(reason, unsaid === undefined ? 0 : unsaid + 1);
    if (unsaid === undefined) this.say(reason, 'a connection was refused');
  }

  private say(reason: string, what: string): void {
    this.log.warn(`${what}: ${reason}`);
    setTimeout(() => this.sumUp(reason), INTERVAL).unref();
  }

  private sumUp(reason: string): void {
    const unsaid = this.unsaid.get(reason)!;
    if (unsaid === 0) {
      this.unsaid.delete(reason);
      return;
    }
    this.unsaid.set(reason, 0);
    this.say(reason, `${counted(unsaid, 'more connection was', 'more connections were')} refused`);
  }
}
