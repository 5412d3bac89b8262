import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { compileFunction } from 'node:vm';

/** What the bundler has a dynamic import ask before it goes to the disk: tools/bundle.mjs spells it the same. */
const LOADER = Symbol.for('tunnelable-rds-cluster/late-modules');
const MENTION = /"\.\/([\w.-]+\.cjs)"/g;

interface Loaded { readonly exports: object }

/** Reads all that a program may load late, and loads it from there: by then `npm ci` may have taken the package away. */
export async function keepLateModules(program: string): Promise<void> {
  const modules = await LateModules.of(program);
  Object.assign(globalThis, { [LOADER]: (path: string) => modules.load(path) });
}

/** The files that a program may come to need, in memory. */
export class LateModules {
  /** @param program path of a bundled file; what it loads is in the same folder */
  static async of(program: string): Promise<LateModules> {
    const sources = new Map<string, string>();
    const read = async (path: string): Promise<void> => {
      sources.set(path, '');
      const source = await readFile(path, 'utf8');
      sources.set(path, source);
      const mentioned = [...source.matchAll(MENTION)].map(([, name]) => join(program, '..', name!));
      await Promise.all(mentioned.filter((each) => !sources.has(each)).map(read));
    };
    await read(program);
    return new LateModules(program, sources);
  }

  private readonly require: NodeJS.Require;
  private readonly loaded = new Map<string, Loaded>();

  private constructor(private readonly program: string, private readonly sources: Map<string, string>) {
    this.require = createRequire(program);
    for (const path of Object.keys(this.require.cache)) sources.delete(path);
  }

  /** What a file exports: of one that was loaded before, just that. */
  load(request: string): unknown {
    if (!request.startsWith('.')) return this.require(request) as unknown;
    const path = join(this.program, '..', basename(request));
    const known = this.require.cache[path] ?? this.loaded.get(path);
    return known ? known.exports as unknown : this.compile(path);
  }

  private compile(path: string): unknown {
    const source = this.sources.get(path);
    if (source === undefined) return this.require(path) as unknown;
    const module: Loaded = { exports: {} };
    this.loaded.set(path, module);
    this.sources.delete(path);
    const run = compileFunction(source, ['exports', 'require', 'module', '__filename', '__dirname'], { filename: path });
    run.call(module.exports, module.exports, (request: string) => this.load(request), module, path, join(path, '..'));
    return module.exports;
  }
}
