import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { Problem } from '../../problem';
import { readOwnJson } from './own-json';
import { parseProjectFile, type ProjectFile } from './project-file';

/** In the order in which a folder is asked. */
const NAMES = ['connect.json', 'package.json'] as const;
/** What is ours in a `package.json`. */
const KEY = 'connect';
const READ_NONE = 'none';

/**
 * The project file: the one told, else the nearest from the working directory upwards, as far as the home folder, or the root where one is not at home.
 * @param told a path, or `none`
 * @throws Problem (USAGE) where it is not safe, or not as it should be
 */
export function findProjectFile(told: string | undefined, from: string = process.cwd()): ProjectFile | undefined {
  if (told === READ_NONE) return undefined;
  if (told !== undefined) return readTold(told, from);
  for (const folder of upwards(from)) {
    for (const name of NAMES) {
      const found = read(join(folder, name), from);
      if (found) return found;
    }
  }
  return undefined;
}

function readTold(told: string, from: string): ProjectFile {
  const found = read(resolve(from, told), from);
  if (found) return found;
  throw new Problem('USAGE', basename(told) === 'package.json' ? `${told} has no key "${KEY}"` : `there is no file ${told}`, {
    next: 'name a project file that is there, or none: --config none',
  });
}

function read(path: string, from: string): ProjectFile | undefined {
  const key = basename(path) === 'package.json' ? KEY : undefined;
  const label = relative(from, path);
  const json = readOwnJson(path, label, key);
  return json === undefined ? undefined : parseProjectFile(json, { label, path, within: key ? [key] : [] });
}

/** The folders to look into, the nearest first. */
function* upwards(from: string): Generator<string> {
  const home = realHome();
  const isAtHome = home !== undefined && (from === home || from.startsWith(home.endsWith(sep) ? home : home + sep));
  for (let folder = from; ; folder = dirname(folder)) {
    yield folder;
    if ((isAtHome && folder === home) || dirname(folder) === folder) return;
  }
}

/** The working directory has no links in it, so neither may this. */
function realHome(): string | undefined {
  try {
    return realpathSync(homedir());
  } catch {
    return undefined;
  }
}
