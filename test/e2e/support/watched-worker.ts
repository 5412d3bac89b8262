import { readdirSync, readFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { eventually } from '../../support/eventually';
import { copyPackage } from './package-copy';

/** Put before the worker as it was built. It forces a collection on SIGUSR2 and leaves beside itself what is still in use then. */
const PRELUDE = `
require('node:v8').setFlagsFromString('--expose-gc');
const collect = require('node:vm').runInNewContext('gc');
const { renameSync, writeFileSync } = require('node:fs');
const file = __dirname + '/' + process.pid + '.json';
let collections = 0;
process.on('SIGUSR2', () => {
  collect();
  setImmediate(() => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    writeFileSync(file + '.new', JSON.stringify({ collections: ++collections, heap: heapUsed + arrayBuffers }));
    renameSync(file + '.new', file);
  });
});
module.exports = require('./product.cjs');
`;

/** The built package in a folder of its own; its worker can be asked for a collection. @returns its launcher */
export async function copyWatchedPackage(folder: string): Promise<string> {
  const bin = await copyPackage(folder);
  const parts = join(folder, 'lib', 'connect');
  await rename(join(parts, 'worker.cjs'), join(parts, 'product.cjs'));
  await writeFile(join(parts, 'worker.cjs'), PRELUDE);
  return bin;
}

/** What a worker holds after a collection. */
export interface Weight {
  /** Bytes, as the kernel counts them. */
  readonly rss: number;
  /** Bytes of its heap and its buffers. */
  readonly heap: number;
  /** Open files, sockets among them. */
  readonly handles: number;
}

/** A worker of a watched package. */
export class WatchedWorker {
  private readonly file: string;
  private collections = 0;

  constructor(readonly pid: number, bin: string) {
    this.file = join(dirname(bin), '..', 'lib', 'connect', `${pid}.json`);
  }

  get handles(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  /** Forces a collection, and looks at what is left. */
  async weigh(): Promise<Weight> {
    this.collections += 1;
    process.kill(this.pid, 'SIGUSR2');
    const { heap } = await eventually(async () => this.said(), ({ collections }) => collections === this.collections, 60);
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))!;
    return { rss: Number(kilobytes) * 1024, heap, handles: this.handles };
  }

  private async said(): Promise<{ collections: number; heap: number }> {
    return JSON.parse(await readFile(this.file, 'utf8').catch(() => '{ "collections": 0, "heap": 0 }'));
  }
}
