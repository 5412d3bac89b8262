import { printable, printableLines } from '../text';
import type { Log } from '../tunnel';
import type { Host, OutputStream } from './host';
import { Progress } from './progress';

export interface OutputModes {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Everything that is printed goes through here: results to stdout, all else to stderr. */
export class Output {
  readonly log: Log;
  private readonly progress: Progress;
  /** Why a result did not arrive. */
  private lost?: Error;

  constructor(private readonly host: Host, readonly modes: OutputModes) {
    host.stdout.on('error', (error) => {
      // Who reads our output may stop reading: `connect list | head -1`.
      if (error.code !== 'EPIPE') this.lost ??= error;
    });
    // Of what cannot be said there is nobody to tell.
    host.stderr.on('error', () => undefined);
    this.progress = new Progress(host.stderr, isFancy(host) && !modes.quiet);
    const print = (message: string): void => this.note(message);
    this.log = {
      debug: (message) => { if (modes.verbose) print(message); },
      info: (message) => { if (!modes.quiet) this.progress.step(printableLines(message)); },
      warn: (message) => { if (!modes.quiet) print(`warning: ${message}`); },
      error: (message) => print(`error: ${message}`),
    };
  }

  /** What was asked for: the text, or under --json the object. */
  result(text: string, json: unknown): void {
    this.progress.end();
    const printed = this.modes.json ? printableJson(json) : printableLines(text);
    if (printed !== '') this.host.stdout.write(`${printed}\n`);
  }

  /** For the person, not for a pipe; silent under --quiet. */
  remark(text: string): void {
    if (!this.modes.quiet) this.note(text);
  }

  /** An error, which nothing silences. */
  failure(lines: readonly string[]): void {
    this.progress.end();
    const [first, ...rest] = lines.map(printableLines);
    this.host.stderr.write(`${isFancy(this.host) ? `\x1b[31m${first}\x1b[39m` : first}\n${rest.map((line) => `${line}\n`).join('')}`);
  }

  /** Leaves the terminal as it was found, so that a child can have it. */
  end(): void {
    this.progress.end();
  }

  /** Waits until all is written. @returns whether the results have arrived */
  async flush(): Promise<boolean> {
    await written(this.host.stdout);
    if (this.lost) this.failure([`error: the result could not be written: ${this.lost.message}`, 'next:  see where stdout leads to, and type the same again']);
    await written(this.host.stderr);
    return this.lost === undefined;
  }

  private note(text: string): void {
    this.progress.interrupt(() => this.host.stderr.write(`${printableLines(text)}\n`));
  }
}

/** Rows under their headings, in columns. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => printable(String(cell))));
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()).join('\n');
}

function isFancy({ stderr, environment }: Host): boolean {
  return Boolean(stderr.isTTY) && !environment.NO_COLOR && !environment.CI && environment.TERM !== 'dumb';
}

/** JSON leaves some characters as they are that can steer a terminal or end a line. */
function printableJson(json: unknown): string {
  return JSON.stringify(json, undefined, 2).replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}

/** A stream says that a write failed right after it has said that the write is over. */
async function written(stream: OutputStream): Promise<void> {
  return new Promise((resolve) => { stream.write('', () => setImmediate(resolve)); });
}
