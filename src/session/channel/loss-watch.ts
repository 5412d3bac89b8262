/** Packets are counted for so many milliseconds at a time. */
const PERIOD = 1_000;
/** Losing fewer packets than this, or a smaller share of them, costs less than sending slower would. */
const MIN_LOST = 10;
const MIN_SHARE = 0.1;

/** Notices when so much gets lost that it is worth while to send slower. */
export class LossWatch {
  private startedAt = 0;
  private packets = 0;
  private losses = 0;

  sent(now: number): void {
    if (now - this.startedAt >= PERIOD) {
      this.startedAt = now;
      this.packets = this.losses = 0;
    }
    this.packets++;
  }

  lost(): void {
    this.losses++;
  }

  get isSerious(): boolean {
    return this.losses >= MIN_LOST && this.losses > MIN_SHARE * this.packets;
  }
}
