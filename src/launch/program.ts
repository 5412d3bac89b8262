import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import type { CodeCache, Compiled } from './code-cache';

/** As Node wraps a CommonJS module. */
const HEAD = '(function (exports, require, module, __filename, __dirname) {';
const TAIL = '\n})';
/** How one of our files names another. */
const MENTION = /"(\.{1,2}\/[\w./-]+\.cjs)"/g;

interface Module { exports: unknown }
type Run = (this: unknown, exports: unknown, require: (request: string) => unknown, module: Module, filename: string, dirname: string) => void;

/**
 * The files of a bundled program, which require one another. They are loaded as Node would load them, with two differences: what was compiled
 * for an earlier process is not compiled again, and what may be loaded late can be taken into memory.
 */
export class Program {
  private readonly modules = new Map<string, Module>();
  private readonly compiled = new Map<string, Compiled>();
  /** Of files that are not loaded yet. */
  private readonly kept = new Map<string, Buffer>();
  private readonly requireBuiltin = createRequire(__filename);

  /** @param cache none where nothing may be written, or nobody wants it */
  constructor(private cache?: CodeCache) {}

  /** What a file exports: of one that was loaded before, just that. */
  load(path: string): unknown {
    const known = this.modules.get(path);
    if (known) return known.exports;
    const module: Module = { exports: {} };
    const run = this.compile(path);
    this.modules.set(path, module);
    const folder = dirname(path);
    const require = (request: string): unknown => (request.startsWith('.') ? this.load(join(folder, request)) : this.requireBuiltin(request));
    run.call(module.exports, module.exports, require, module, path, folder);
    return module.exports;
  }

  /** Reads all that the program may load late: from then on it needs no file of the package, which `npm ci` may take away. */
  keep(): void {
    for (const [path, { source }] of this.compiled) this.keepMentioned(path, source);
  }

  /** Spares the next process like this one the compiling. Never fails. What is loaded later is not saved. */
  saveCode(): void {
    this.cache?.save(this.compiled);
    this.cache = undefined;
    this.compiled.clear();
  }

  private keepMentioned(path: string, source: Buffer): void {
    for (const [, name] of source.toString().matchAll(MENTION)) {
      const late = join(path, '..', name!);
      if (this.modules.has(late) || this.kept.has(late)) continue;
      this.kept.set(late, readFileSync(late));
      this.keepMentioned(late, this.kept.get(late)!);
    }
  }

  private compile(path: string): Run {
    const source = this.kept.get(path) ?? readFileSync(path);
    this.kept.delete(path);
    const cachedData = this.cache?.find(path, source);
    const script = new Script(HEAD + source.toString() + TAIL, { filename: path, cachedData });
    this.compiled.set(path, { source, script, isNew: cachedData === undefined || script.cachedDataRejected === true });
    return script.runInThisContext() as Run;
  }
}
