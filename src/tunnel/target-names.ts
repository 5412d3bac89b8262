import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { AwsContext } from '../aws/context';
import { explainBadName } from '../descriptor';
import { reasonOf } from '../text';
import { openStore } from './store';
import { tunnelsFolder } from './store/folder';
import { firstMismatch, isText, wholeFrom } from './store/shape';
import { readWhole, writeWhole } from './store/whole-file';

/** Where targets are looked for. */
export interface TargetNamesInput { readonly prefix: string }

interface Entry { readonly at: number; readonly names: readonly string[] }

const FILE = 'target-names.json';
const ENTRY = { at: wholeFrom(0, Number.MAX_SAFE_INTEGER), names: [isText] } as const;
/** Milliseconds. */
const FRESH_FOR = 10 * 60_000;

/** The names of the targets, where they were listed within the last ten minutes. Asks nobody, and is quick. */
export function cachedTargetNames(input: TargetNamesInput, context: AwsContext): string[] | undefined {
  return readAll(tunnelsFolder()).get(keyOf(input, context))?.names.filter((name) => explainBadName(name) === undefined);
}

/** Remembers names, if it can. Of two who do so at once the later wins: the other's are asked for again. */
export async function rememberTargetNames(input: TargetNamesInput, names: readonly string[], context: AwsContext): Promise<void> {
  try {
    const { dir } = await openStore();
    const all = readAll(dir).set(keyOf(input, context), { at: Date.now(), names });
    writeWhole(join(dir, FILE), JSON.stringify(Object.fromEntries(all), undefined, 2) + '\n');
  } catch (error) {
    context.log.debug(`the names of the targets cannot be remembered: ${reasonOf(error)}`);
  }
}

/** What is not too old. A file that cannot be read is as good as none. */
function readAll(dir: string): Map<string, Entry> {
  try {
    const now = Date.now();
    const entries = Object.entries(JSON.parse(readWhole(join(dir, FILE))) as Record<string, Entry>);
    return new Map(entries.filter(([, entry]) => firstMismatch(entry, ENTRY) === undefined && entry.at <= now && entry.at > now - FRESH_FOR));
  } catch {
    return new Map();
  }
}

/** Whose targets, as far as it shows without a call: a digest, since it is made of what one logs in with. */
function keyOf({ prefix }: TargetNamesInput, { aws }: AwsContext): string {
  const { AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_SSM } = process.env;
  const profile = aws.profile || AWS_PROFILE;
  const region = aws.region || AWS_REGION || AWS_DEFAULT_REGION;
  const whose = [profile ?? AWS_ACCESS_KEY_ID, region, prefix, AWS_ENDPOINT_URL_SSM ?? AWS_ENDPOINT_URL];
  return createHash('sha256').update(JSON.stringify(whose)).digest('hex').slice(0, 16);
}
