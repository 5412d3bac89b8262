import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { isOurs } from '../files';

const WRITABLE_BY_OTHERS = 0o022;
const NAME = 'tunnelable-rds-cluster';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where each system has what can be made anew, unless XDG_CACHE_HOME says where. */
const PLACES: Partial<Record<NodeJS.Platform, (home: string, environment: Environment) => string>> = {
  darwin: (home) => join(home, 'Library', 'Caches'),
  win32: (home, { LOCALAPPDATA }) => LOCALAPPDATA || join(home, 'AppData', 'Local'),
};

/** Our folder of caches, made where there is none; undefined where it cannot be had, or another could change what is in it. */
export function cacheFolder(environment: Environment = process.env, home = homedir(), platform = process.platform): string | undefined {
  const { XDG_CACHE_HOME = '' } = environment;
  const place = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : PLACES[platform]?.(home, environment) ?? join(home, '.cache');
  const folder = join(place, NAME);
  try {
    return isAbsolute(folder) && isOwnFolder(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

function isOwnFolder(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) return makeFolder(folder);
  return found.isDirectory() && isOurs(found) && (process.platform === 'win32' || (found.mode & WRITABLE_BY_OTHERS) === 0);
}

/** In a folder of ours only: what `sudo` makes in another's home would be in their way. */
function makeFolder(folder: string): boolean {
  const parent = dirname(folder);
  const found = statSync(parent, { throwIfNoEntry: false });
  if (found ? !isOurs(found) : parent === folder || !makeFolder(parent)) return false;
  mkdirSync(folder, 0o700);
  return true;
}
