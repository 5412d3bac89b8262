import type { LineCounters } from './counters';
import { DelayedLine } from './delayed-line';
import type { Direction, Faults } from './faults';
import { type FrameKind, frameKind, frameSequence } from './frame-kind';
import { seededRandom } from './random';

export interface FaultyLineOptions {
  readonly direction: Direction;
  readonly faults: Faults;
  readonly counters: LineCounters;
  readonly deliver: (frames: Buffer[]) => void;
}

/** One direction of a session: counts what is put in, lets happen to it what should, delays it. */
export class FaultyLine {
  private readonly line: DelayedLine;
  private readonly random: () => number;
  private highest = -1;

  constructor(private readonly options: FaultyLineOptions) {
    this.line = new DelayedLine(options.deliver);
    this.random = seededRandom(options.faults.seed + (options.direction === 'toAgent' ? 0 : 1));
  }

  carry(frame: Buffer, kind = frameKind(frame)): void {
    this.count(kind, frame);
    if (kind === 'other') this.line.push(frame, this.options.faults.delay);
    else this.risk(frame, kind);
  }

  clear(): void {
    this.line.clear();
  }

  private risk(frame: Buffer, kind: 'data' | 'acks'): void {
    const { direction, faults, counters } = this.options;
    const odds = faults[direction][kind];
    // Three draws for every frame, whatever the odds, so that the fate of the n-th frame hangs on nothing but the seed.
    const [drop, duplicate, reorder] = [this.random() < odds.drop, this.random() < odds.duplicate, this.random() < odds.reorder];
    if (faults.takesPlannedDrop(direction, kind) || drop) {
      counters.dropped++;
      if (kind === 'acks') counters.droppedAcks++;
      return;
    }
    if (reorder) {
      counters.reordered++;
      this.line.pushLate(frame, faults.delay + faults.lateness);
    } else {
      this.line.push(frame, faults.delay);
    }
    if (duplicate) {
      counters.duplicated++;
      this.line.push(frame, faults.delay);
    }
  }

  private count(kind: FrameKind, frame: Buffer): void {
    const { counters } = this.options;
    if (kind === 'acks') counters.acks++;
    if (kind !== 'data') return;
    counters.messages++;
    const sequence = frameSequence(frame);
    if (sequence <= this.highest) counters.resends++;
    else this.highest = sequence;
  }
}
