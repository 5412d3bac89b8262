import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { markedProcesses } from '../../support/marked-processes';

const LOOK_EVERY_MS = 100;

/** Where a secret could show up. */
export interface Cage {
  readonly marker: string;
  /** All that is looked into: outputs aside, everything that is written to disk. */
  readonly folders: readonly string[];
  /** Every secret there is by now. */
  secrets(): readonly string[];
}

/** Watches that no secret shows up where it can be read: in files, in argument lists, in outputs. */
export class Canaries {
  private readonly sightings = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly cage: Cage) {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  /** Looks at a text that somebody could read. */
  check(text: string, where: string): void {
    for (const secret of this.cage.secrets()) {
      if (text.includes(secret)) this.sightings.add(`a secret (${secret.slice(0, 4)}...) in ${where}`);
    }
  }

  /** Looks at all files, and at the argument lists of all processes. */
  async look(): Promise<void> {
    this.looking = this.looking.then(async () => {
      for (const { args } of await markedProcesses(this.cage.marker)) this.check(args.join(' '), `the arguments of ${args[0]}`);
      for (const folder of this.cage.folders) await this.lookInto(folder);
    });
    await this.looking;
  }

  /** Ends the watch. @returns where secrets were seen */
  async end(): Promise<string[]> {
    clearInterval(this.timer);
    await this.look();
    return [...this.sightings];
  }

  private async lookInto(folder: string): Promise<void> {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
      const path = join(entry.parentPath, entry.name);
      this.check(path, 'the name of a file');
      if (entry.isFile()) this.check(await readFile(path, 'utf8').catch(() => ''), path);
    }
  }
}
