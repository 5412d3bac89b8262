import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

/** A disk of its own, of 64 KiB in memory, which can be filled and made read-only. Only root can have one. */
export class SmallDisk {
  private isReadOnly = false;

  /** @param path a folder that is made for it */
  constructor(readonly path: string) {
    mkdirSync(path, { recursive: true });
    run('mount', '-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'small-disk', path);
  }

  private get filling(): string {
    return join(this.path, 'filling');
  }

  fill(): void {
    try {
      writeFileSync(this.filling, Buffer.alloc(1024 * 1024));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  free(): void {
    rmSync(this.filling, { force: true });
  }

  /** For whoever opens a file from here on; with files that are open the disk itself could not be made so. */
  makeReadOnly(): void {
    run('mount', '--bind', this.path, this.path);
    run('mount', '-o', 'remount,ro,bind', this.path);
    this.isReadOnly = true;
  }

  makeWritable(): void {
    run('umount', '--lazy', this.path);
    this.isReadOnly = false;
  }

  remove(): void {
    if (this.isReadOnly) this.makeWritable();
    run('umount', '--lazy', this.path);
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** `test` where a disk can be mounted, `test.skip` where not. */
export const withSmallDisk: typeof test = canMount() ? test : test.skip as typeof test;

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'small-disk', '/mnt']).status === 0;
}
