import type { LocalAws } from '../../test/local-aws';

const [MINUTES_OF_A_DAY, MINUTES_OF_A_SOCKET] = [8 * 60, 60];
/** Two breaks, each longer than a session may idle. */
const BREAKS: readonly (readonly [from: number, to: number])[] = [[120, 150], [300, 330]];

/** Eight hours in as much time as there is: the service's clock goes faster, and it does what it does by the clock. */
export class WorkingDay {
  /** How the service calls the ends of sessions that are due to the clock. */
  static readonly ENDS: readonly string[] = ['idleSessionTimeout', 'maxSessionDuration'];

  private minute = 0;
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;

  /** @param length milliseconds @param happened called with what the service did */
  constructor(private readonly aws: LocalAws, private readonly length: number, private readonly happened: (what: string) => void) {
    this.aws.gateway.on('closed', ({ reason }) => {
      if (WorkingDay.ENDS.includes(reason)) happened(`session ended by its ${reason}`);
    });
    this.timer = setInterval(() => this.catchUp(), length / MINUTES_OF_A_DAY);
  }

  /** Whether nobody works: open sessions idle. */
  get isBreak(): boolean {
    return BREAKS.some(([from, to]) => this.minute >= from && this.minute < to);
  }

  end(): void {
    clearInterval(this.timer);
  }

  /** A timer on a busy machine comes late, or not at all. */
  private catchUp(): void {
    const due = Math.min(MINUTES_OF_A_DAY, Math.floor(((performance.now() - this.startedAt) / this.length) * MINUTES_OF_A_DAY));
    while (this.minute < due) this.pass();
  }

  private pass(): void {
    this.minute += 1;
    this.aws.gateway.passMinutes(1);
    if (this.minute % MINUTES_OF_A_SOCKET !== 0) return;
    this.happened('connection closed at 60 minutes');
    this.aws.gateway.cut('bye');
  }
}
