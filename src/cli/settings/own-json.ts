import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { Problem } from '../../problem';
import { CORRECT_FILE } from './setting';

// Windows has none; nor owners and modes, but homes that are closed to others.
const { O_NONBLOCK = 0 } = constants;
const LARGEST = 1024 * 1024;
const WRITABLE_BY_EVERYBODY = 0o002;

/**
 * What a JSON file of one's own holds: one that nobody else can have written.
 * @param label what messages call it
 * @param key what to take out of it. A file without it is another program's, whatever is wrong with it
 * @returns undefined where there is no such file, or no such key in it
 * @throws Problem (USAGE) with what to type
 */
export function readOwnJson(path: string, label: string, key?: string): unknown {
  const link = lookAt(path);
  if (!link) return undefined;
  if (key === undefined) {
    const { stat, text } = readSmall(path, label);
    refuseOthers([link, stat], path, label);
    return parse(text, label);
  }
  const { stat, json } = tryJson(path, label) ?? {};
  if (stat === undefined || typeof json !== 'object' || json === null || !Object.hasOwn(json, key)) return undefined;
  refuseOthers([link, stat], path, label);
  return (json as Record<string, unknown>)[key];
}

/** What a folder that may not be looked into holds is as good as nothing. */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function tryJson(path: string, label: string): { stat: Stats; json: unknown } | undefined {
  try {
    const { stat, text } = readSmall(path, label);
    return { stat, json: parse(text, label) };
  } catch {
    return undefined;
  }
}

function readSmall(path: string, label: string): { stat: Stats; text: string } {
  try {
    // A pipe in the place of a file must not keep us waiting.
    const file = openSync(path, constants.O_RDONLY | O_NONBLOCK);
    try {
      const stat = fstatSync(file);
      if (!stat.isFile()) throw refusal(label, 'is no regular file');
      if (stat.size > LARGEST) throw refusal(label, `is larger than ${LARGEST} bytes`);
      return { stat, text: readFileSync(file, 'utf8') };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw Problem.is(error) ? error : refusal(label, `cannot be read (${code})`);
  }
}

/** A link leads where its owner says, and the file holds what its owner says. */
function refuseOthers(stats: readonly Stats[], path: string, label: string): void {
  if (process.platform === 'win32') return;
  const uid = process.getuid!();
  const other = stats.find((stat) => stat.uid !== uid);
  if (other) throw refusal(label, `belongs to another user (uid ${other.uid})`, `sudo chown -h ${uid} ${path}, or add --config none to read no project file`);
  const { mode } = stats.at(-1)!;
  if (mode & WRITABLE_BY_EVERYBODY) throw refusal(label, `can be changed by everybody (mode ${(mode & 0o777).toString(8)})`, `chmod o-w ${path}`);
}

/** Without the words of the file: it may be another one than was meant, and hold secrets. */
function parse(text: string, label: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    const before = text.slice(0, Number(position)).split('\n');
    const where = position === undefined ? '' : `, from line ${before.length}, column ${before.at(-1)!.length + 1} on`;
    throw refusal(label, `is not JSON${where}`);
  }
}

function refusal(label: string, what: string, next = CORRECT_FILE): Problem {
  return new Problem('USAGE', `${label} ${what}`, { next });
}
