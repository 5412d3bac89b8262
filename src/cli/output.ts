import { printable, printableLines } from '../text';
import type { Log } from '../tunnel';
import type { Host, OutputStream } from './host';
import { Progress } from './progress';

/** Of a terminal, by what they say. */
const COLOURS = { good: 32, doubtful: 33, bad: 31, faint: 2 } as const;
export type Colour = keyof typeof COLOURS;

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
  private readonly ending = new AbortController();
  private isStream = false;
  /** How many lines of the terminal the last view takes. */
  private drawn = 0;

  constructor(private readonly host: Host, readonly modes: OutputModes) {
    host.stdout.on('error', (error) => {
      // Who reads our output may stop reading: `connect list | head -1`.
      if (error.code !== 'EPIPE') this.lost ??= error;
      this.ending.abort();
    });
    // Of what cannot be said there is nobody to tell.
    host.stderr.on('error', () => undefined);
    this.progress = new Progress(host.stderr, isFancy(host, host.stderr) && !modes.quiet);
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
    const printed = this.modes.json ? printableJson(json, this.isStream) : printableLines(text);
    if (printed !== '') this.host.stdout.write(`${printed}\n`);
  }

  /** A line of a result that comes while there are more to come. It begins with a word, in a colour where there are colours. */
  resultLine(word: string, colour: Colour, text: string): void {
    this.progress.end();
    const painted = word !== '' && isFancy(this.host, this.host.stdout) ? `\x1b[${COLOURS[colour]}m${word}\x1b[0m` : word;
    this.host.stdout.write(`${painted}${printableLines(text)}\n`);
  }

  /** Aborted when nobody reads the results any more. */
  get unread(): AbortSignal {
    return this.ending.signal;
  }

  /** Whether results are objects, a line each, and errors are told in words. */
  get isJsonLines(): boolean {
    return this.isStream;
  }

  /** Whether results are looked at by a person, and can be drawn over. */
  get isTerminal(): boolean {
    return Boolean(this.host.stdout.isTTY) && !this.modes.json;
  }

  /** From here on results are many: under --json an object a line. */
  stream(): void {
    this.isStream = this.modes.json;
  }

  /** A result that takes the place of the one before: on a terminal at the same place, cut at its edge. */
  view(text: string, json: unknown): void {
    const { stdout } = this.host;
    if (!this.isTerminal) return this.result(this.drawn++ === 0 ? text : `\n${text}`, json);
    const lines = printableLines(text).split('\n').map((line) => line.slice(0, (stdout.columns || 80) - 1));
    stdout.write(`${this.drawn > 0 ? `\x1b[${this.drawn}A` : ''}${lines.map((line) => `\x1b[2K${line}\n`).join('')}\x1b[J`);
    this.drawn = lines.length;
  }

  /** For the person, not for a pipe; silent under --quiet. */
  remark(text: string): void {
    if (!this.modes.quiet) this.note(text);
  }

  /** An error, which nothing silences. */
  failure(lines: readonly string[]): void {
    this.progress.end();
    const [first, ...rest] = lines.map(printableLines);
    this.host.stderr.write(`${isFancy(this.host, this.host.stderr) ? `\x1b[31m${first}\x1b[39m` : first}\n${rest.map((line) => `${line}\n`).join('')}`);
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

function isFancy({ environment }: Host, stream: OutputStream): boolean {
  return Boolean(stream.isTTY) && !environment.NO_COLOR && !environment.CI && environment.TERM !== 'dumb';
}

/** JSON leaves some characters as they are that can steer a terminal or end a line. */
function printableJson(json: unknown, isLine: boolean): string {
  return JSON.stringify(json, undefined, isLine ? undefined : 2).replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}

/** A stream says that a write failed right after it has said that the write is over. */
async function written(stream: OutputStream): Promise<void> {
  return new Promise((resolve) => { stream.write('', () => setImmediate(resolve)); });
}
