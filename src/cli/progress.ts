import type { OutputStream } from './host';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const CLEAR_LINE = '\r\x1b[2K';

/** The steps of a wait: a line each, and on a terminal a spinner before the last one with the seconds it has taken. */
export class Progress {
  private message?: string;
  private since = 0;
  private frame = 0;
  private timer?: NodeJS.Timeout;

  constructor(private readonly stream: OutputStream, private readonly spins: boolean) {}

  step(message: string): void {
    if (!this.spins) {
      this.stream.write(`${message}\n`);
      return;
    }
    this.end();
    this.message = message;
    this.since = Date.now();
    this.draw();
    this.timer = setInterval(() => this.draw(), 100);
    this.timer.unref();
  }

  /** Prints something else in between, and goes on. */
  interrupt(print: () => void): void {
    if (this.message !== undefined) this.stream.write(CLEAR_LINE);
    print();
    if (this.message !== undefined) this.draw();
  }

  /** The last step is over: its line stays, the spinner goes. */
  end(): void {
    if (this.message === undefined) return;
    clearInterval(this.timer);
    this.stream.write(`${CLEAR_LINE}${this.message}\n`);
    this.message = undefined;
  }

  private draw(): void {
    const seconds = Math.floor((Date.now() - this.since) / 1000);
    const line = `${FRAMES[this.frame++ % FRAMES.length]} ${this.message}${seconds > 0 ? `  ${seconds} s` : ''}`;
    this.stream.write(`${CLEAR_LINE}${line.slice(0, (this.stream.columns || 80) - 1)}`);
  }
}
