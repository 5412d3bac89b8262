import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname } from 'node:path';

/**
 * A module that is loaded when it is first needed, from a source that is read now: by then `npm ci` may have taken the package away.
 */
export function keepModule<T>(path: string): () => T {
  const source = readFileSync(path, 'utf8');
  let loaded: { exports: T } | undefined;
  return () => {
    if (!loaded) {
      const kept = new Module(path) as Module & { _compile(source: string, path: string): void };
      kept.filename = path;
      kept.paths = [dirname(path)];
      kept._compile(source, path);
      loaded = kept;
    }
    return loaded.exports;
  };
}
