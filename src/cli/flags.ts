import { DEFAULT_PREFIX, type Role, ROLES } from '../descriptor';
import { type Auth, AUTHS, TLS_MODES, type TlsMode } from '../tunnel/login/login';
import { BOUNDS, DEFAULT_LANES, type Transport } from '../tunnel/tunnel';
import { countBetween, matching, oneOf, type Reader, readPath, readPort, readPrefix, readSeconds, readSwitch } from './flag-values';

interface Flag<Value> {
  readonly summary: string;
  /** Whether it stands alone on the command line, with no value after it. */
  readonly isSwitch: boolean;
  /** Whether `CONNECT_<FLAG>` may say it. What closes or stops something has to be typed each time. */
  readonly inEnvironment: boolean;
  /** Whether a project file may say it: how a tunnel is opened, and nothing that opens up, ends or hides something. */
  readonly inFile: boolean;
  readonly alias?: string;
  readonly read: Reader<Value>;
}

const value = <Value>(summary: string, read: Reader<Value>, alias?: string): Flag<Value> =>
  ({ summary, read, alias, isSwitch: false, inEnvironment: true, inFile: false });
const toggle = (summary: string, inEnvironment = true, alias?: string): Flag<boolean> =>
  ({ summary, read: readSwitch, isSwitch: true, inEnvironment, inFile: false, alias });
const inFile = <Value>(flag: Flag<Value>): Flag<Value> => ({ ...flag, inFile: true });

const REGION = matching(/^[a-z]{2,}(-[a-z]+)+-\d+$/, 'a region such as us-east-1');
const PROFILE = matching(/\S/, 'the name of a profile');
const EXID = matching(/^\S.{0,255}$/, 'the value of a tag');
const CLUSTER = matching(/^[A-Za-z](-?[A-Za-z0-9]){0,62}$/, 'a letter, then letters, digits and single hyphens, at most 63 characters');
const LINE = matching(/^.{1,128}$/, 'a line of at most 128 characters');
const REASON = matching(/^.{1,256}$/, 'a line of at most 256 characters');

/** What holds where nobody says anything else. */
export const DEFAULTS = {
  'role': 'writer', 'prefix': DEFAULT_PREFIX, 'timeout': 180, 'transport': 'native', 'lanes': DEFAULT_LANES.native, 'packets-per-second': 900, 'drain': 0,
} as const;

/** One table of flags: help, parsing, environment variables, project files with their schema, and validation come from it. */
export const FLAGS = {
  'port': inFile(value('Local port; 0 picks any free one', readPort, 'p')),
  'role': inFile(value(`Endpoint: writer or reader (default: ${DEFAULTS.role})`, oneOf<Role>(ROLES))),
  'region': inFile(value('Region of AWS', REGION)),
  'profile': inFile(value('Profile of ~/.aws/config', PROFILE)),
  'bastion': inFile(value('Bastion by its tag "exid", with --cluster, for a cluster that has no descriptor', EXID)),
  'cluster': inFile(value('Cluster identifier, with --bastion, in place of a target', CLUSTER)),
  'prefix': inFile(value(`Folder of the descriptors in Parameter Store (default: ${DEFAULTS.prefix})`, readPrefix)),
  'timeout': inFile(value(`Seconds for the whole command (default: ${DEFAULTS.timeout})`, readSeconds)),
  'transport': inFile(value(`Client: native, or aws-cli for the official one (default: ${DEFAULTS.transport})`, oneOf<Transport>(['native', 'aws-cli']))),
  'lanes': inFile(value(`Sessions at most, for connections that are busy at the same time (default: ${DEFAULTS.lanes})`, countBetween(...BOUNDS.lanes))),
  'packets-per-second': inFile(value(
    `What a session may send, in KiB a second; 0 is no limit (default: ${DEFAULTS['packets-per-second']})`, countBetween(...BOUNDS.packetsPerSecond),
  )),
  'shared': toggle('Let every user of this machine use the tunnel'),
  'unix-socket': value('Unix socket to listen on too, or a folder for .s.PGSQL.<port>', readPath),
  'reason': inFile(value("Written to the session's audit entry", REASON)),
  'auth': inFile(value('Way to log in: iam, secret or none (default: as the descriptor says)', oneOf<Auth>(AUTHS))),
  'user': inFile(value('User of the database (default: PGUSER, else the one of the secret)', LINE)),
  'database': inFile(value("Database (default: the descriptor's)", LINE)),
  'tls': inFile(value('TLS: verify-full, or prefer to leave it to the client (default: verify-full for clients)', oneOf<TlsMode>(TLS_MODES))),
  'ca': inFile(value('File of certificates that vouch for the database (default: PGSSLROOTCERT, ~/.postgresql/root.crt)', matching(/\S/, 'a file'))),
  'insecure-tls': toggle('Send the password also where the database does not prove who it is', false),
  'show-password': toggle('Print the password too', false),
  'close': toggle('Close the tunnel after the command, if it opened it and no other connect uses it', false),
  'config': value('Project file, in place of the connect.json or package.json found; none reads none', matching(/\S/, 'a path, or none')),
  'json': toggle('Print JSON'),
  'quiet': toggle('Print results and errors only'),
  'verbose': toggle('Print details, and the stack of an error'),
  'foreground': toggle('Stay until interrupted, then close the tunnel'),
  'drain': value(`Seconds that open connections may go on when the tunnel is closed (default: ${DEFAULTS.drain})`, countBetween(...BOUNDS.drain)),
  'wait': toggle('Wait until the tunnel is open and the database answers'),
  'watch': toggle('Show it again and again, until interrupted'),
  'follow': toggle('Go on as the log grows, until the tunnel is closed', true, 'f'),
  'lines': value('Lines at most, the last ones', countBetween(0, 1_000_000)),
  'all': toggle('Every open tunnel', false),
  'stop-bastion': toggle('Stop the bastion too', false),
  'start': toggle('Start the bastion where it is stopped', false),
} as const;

export type FlagName = keyof typeof FLAGS;
export type FlagValues = { readonly [Name in FlagName]?: ReturnType<typeof FLAGS[Name]['read']> };

/** All that a flag takes, where that is a list. */
export function choicesOf(name: FlagName): readonly string[] {
  return (FLAGS[name].read.schema as { readonly enum?: readonly string[] } | undefined)?.enum ?? [];
}

/** The environment variable of a flag. */
export function variableOf(name: FlagName): string {
  return `CONNECT_${name.toUpperCase().replaceAll('-', '_')}`;
}
