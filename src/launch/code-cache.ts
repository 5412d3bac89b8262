import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { readWhole, removeIfPossible, writeWhole } from '../files';
import { cacheFolder } from './cache-folder';

/** A file that this process has loaded. */
export interface Compiled {
  readonly source: Buffer;
  readonly script: Script;
  /** Whether V8 had to compile it. */
  readonly isNew: boolean;
}

/** Where in the cache the code of a file is, and what source and code add up to. */
interface Entry {
  readonly source: Sum;
  readonly code: Sum;
  readonly at: number;
}

type Part = Omit<Entry, 'at'> & { readonly data: Buffer };

interface Sum { readonly size: number; readonly crc: number }

/** V8 takes over what is aligned, and copies the rest. */
const ALIGNMENT = 8;
/** Hexadecimal. */
const SUM_LENGTH = 8;
const LARGEST = 8 * 1024 * 1024;
/** Milliseconds. Of releases and of Nodes that are not used any more, or not often. */
const OLD = 90 * 24 * 3_600_000;

/**
 * What V8 made of the files of a program, kept for the next process: most of starting is compiling. Node has a cache of its own from 22.1 on. That one
 * leaves out functions that run late, which are most of ours, and lies in a folder that others may have made.
 */
export class CodeCache {
  /**
   * @param program path of it: each installation has a cache of its own
   * @returns undefined where it is not wanted, or there is no folder for it
   */
  static of(program: string): CodeCache | undefined {
    const folder = process.env.NODE_DISABLE_COMPILE_CACHE ? undefined : cacheFolder();
    const name = `${basename(program)}-${crc32(program).toString(16)}-${process.version}-${process.arch}.code`;
    return folder === undefined ? undefined : new CodeCache(join(folder, name));
  }

  private readonly entries: Map<string, Entry>;
  private readonly data: Buffer;

  constructor(private readonly path: string) {
    [this.entries, this.data] = read(path);
  }

  /** What V8 made of just this source. V8 itself believes all that is told by the right V8: what is damaged would end the process. */
  find(path: string, source: Buffer): Buffer | undefined {
    const entry = this.entries.get(basename(path));
    if (!entry) return undefined;
    if (!isSame(entry.source, source)) {
      // The program was replaced by another release: the rest is of no use either.
      this.entries.clear();
      return undefined;
    }
    const data = this.dataOf(entry);
    return isSame(entry.code, data) ? data : undefined;
  }

  /** Adds what had to be compiled. Whoever cannot write goes without. */
  save(loaded: ReadonlyMap<string, Compiled>): void {
    if (![...loaded.values()].some(({ isNew }) => isNew)) return;
    const parts = new Map<string, Part>();
    for (const [name, entry] of this.entries) parts.set(name, { ...entry, data: this.dataOf(entry) });
    for (const [path, { source, script }] of loaded) {
      const data = script.createCachedData();
      parts.set(basename(path), { source: sumOf(source), code: sumOf(data), data });
    }
    try {
      writeWhole(this.path, serialize(parts));
      removeOld(dirname(this.path));
    } catch {
      // Said above.
    }
  }

  private dataOf({ at, code }: Entry): Buffer {
    return this.data.subarray(at, at + code.size);
  }
}

/** The first line says what is where, after its own sum; what cannot be read, or is damaged, is as good as nothing. */
function read(path: string): [Map<string, Entry>, Buffer] {
  try {
    const file = readWhole(path, LARGEST);
    const end = file.indexOf('\n');
    const index = file.subarray(SUM_LENGTH, end);
    if (sumText(index) === file.toString('latin1', 0, SUM_LENGTH)) return [new Map(JSON.parse(index.toString()) as [string, Entry][]), file.subarray(aligned(end + 1))];
  } catch {
    // Said above.
  }
  return [new Map(), Buffer.alloc(0)];
}

function serialize(parts: ReadonlyMap<string, Part>): Buffer[] {
  let at = 0;
  const entries = [...parts].map(([name, { source, code }]): [string, Entry] => {
    const entry = { source, code, at };
    at += aligned(code.size);
    return [name, entry];
  });
  const index = JSON.stringify(entries);
  return [Buffer.from(`${sumText(index)}${index}\n`), ...[...parts.values()].map(({ data }) => data)].flatMap(padded);
}

function sumText(index: string | Buffer): string {
  return crc32(index).toString(16).padStart(SUM_LENGTH, '0');
}

function padded(data: Buffer): Buffer[] {
  return [data, Buffer.alloc(aligned(data.length) - data.length)];
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function sumOf(data: Buffer): Sum {
  return { size: data.length, crc: crc32(data) };
}

function isSame({ size, crc }: Sum, data: Buffer): boolean {
  return size === data.length && crc === crc32(data);
}

function removeOld(folder: string): void {
  const before = Date.now() - OLD;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).mtimeMs < before) removeIfPossible(path);
  }
}
