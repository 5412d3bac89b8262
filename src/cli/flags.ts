import { DEFAULT_PREFIX, type Role, ROLES } from '../descriptor';
import { BOUNDS, type Transport } from '../tunnel/tunnel';
import { countBetween, matching, oneOf, type Reader, readPort, readPrefix, readSeconds, readSwitch } from './flag-values';

interface Flag<Value> {
  readonly summary: string;
  /** Whether it stands alone on the command line, with no value after it. */
  readonly isSwitch: boolean;
  /** Whether `CONNECT_<FLAG>` may say it. What closes or stops something has to be typed each time. */
  readonly inEnvironment: boolean;
  readonly alias?: string;
  readonly read: Reader<Value>;
}

const value = <Value>(summary: string, read: Reader<Value>, alias?: string): Flag<Value> =>
  ({ summary, read, alias, isSwitch: false, inEnvironment: true });
const toggle = (summary: string, inEnvironment = true): Flag<boolean> =>
  ({ summary, read: readSwitch, isSwitch: true, inEnvironment });

const REGION = matching(/^[a-z]{2,}(-[a-z]+)+-\d+$/, 'a region such as us-east-1');
const PROFILE = matching(/\S/, 'the name of a profile');
const EXID = matching(/^\S.{0,255}$/, 'the value of a tag');
const CLUSTER = matching(/^[A-Za-z](-?[A-Za-z0-9]){0,62}$/, 'a letter, then letters, digits and single hyphens, at most 63 characters');
const REASON = matching(/^.{1,256}$/, 'a line of at most 256 characters');

/** One table of flags: help, parsing, environment variables and validation come from it. */
export const FLAGS = {
  'port': value('Local port; 0 picks any free one', readPort, 'p'),
  'role': value('writer or reader; the writer is opened unless told', oneOf<Role>(ROLES)),
  'region': value('Region of AWS', REGION),
  'profile': value('Profile of ~/.aws/config', PROFILE),
  'bastion': value('Bastion by its tag "exid", with --cluster, for a cluster that has no descriptor', EXID),
  'cluster': value('Cluster identifier, with --bastion, in place of a target', CLUSTER),
  'prefix': value(`Folder of the descriptors in Parameter Store (default: ${DEFAULT_PREFIX})`, readPrefix),
  'timeout': value('Seconds for the whole command (default: 180)', readSeconds),
  'transport': value('native, or aws-cli for the official client (default: native)', oneOf<Transport>(['native', 'aws-cli'])),
  'lanes': value('Sessions at most, for connections that are busy at the same time (default: 4)', countBetween(...BOUNDS.lanes)),
  'packets-per-second': value('What a session may send, in KiB a second; 0 is no limit (default: 900)', countBetween(...BOUNDS.packetsPerSecond)),
  'shared': toggle('Let every user of this machine use the tunnel'),
  'reason': value("Written to the session's audit entry", REASON),
  'json': toggle('Print JSON'),
  'quiet': toggle('Print results and errors only'),
  'verbose': toggle('Print details, and the stack of an error'),
  'foreground': toggle('Stay until interrupted, then close the tunnel'),
  'all': toggle('Every open tunnel', false),
  'stop-bastion': toggle('Stop the bastion too', false),
} as const;

export type FlagName = keyof typeof FLAGS;
export type FlagValues = { readonly [Name in FlagName]?: ReturnType<typeof FLAGS[Name]['read']> };

/** The environment variable of a flag. */
export function variableOf(name: FlagName): string {
  return `CONNECT_${name.toUpperCase().replaceAll('-', '_')}`;
}
