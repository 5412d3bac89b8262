import { AFTER_DASHES, EXIT_TABLE } from './exit-codes';

/** In a word. */
export const SUMMARY = 'a tunnel to a private database, by its name';

/** What one types most, and what it does. */
export const EXAMPLES: readonly (readonly [line: string, does: string])[] = [
  ['connect ahbodedb --port 15432', 'open or reuse a tunnel; prints 127.0.0.1:15432'],
  ['connect psql ahbodedb', 'a prompt, logged in'],
  ['connect ahbodedb -- npm start', 'run it with PGHOST, PGPORT, DATABASE_URL set'],
  ['connect status ahbodedb', 'is it open?'],
  ['connect close ahbodedb', 'close it'],
  ['connect doctor ahbodedb', 'what stands in the way?'],
];

/** What it is about, a paragraph each. */
export const DESCRIPTION: readonly string[] = [
  'connect opens a tunnel from a port of this machine to a private database in AWS, through a bastion that is started when it is needed. It reads what it has to know from a parameter in Parameter Store that a TunnelableRdsCluster has put there: the descriptor of the target.',
  'A tunnel outlives the command that opened it. The same command again reuses it, and `connect close` closes it. It listens on 127.0.0.1 only, and lets nobody in but the user who opened it, and root, where the system tells.',
  'Results are printed on stdout, everything else on stderr. AWS credentials are found as the AWS CLI finds them.',
];

/** What it keeps, and where. */
export const FILES: readonly (readonly [path: string, holds: string])[] = [
  ['~/.declastruct/tunnels', 'A pidfile, a description, a log and a control socket for each open tunnel, and the port last used for each target. CONNECT_TUNNELS_DIR names another folder.'],
];

const columns = (rows: typeof EXAMPLES): string => rows.map(([line, does]) => `  ${line.padEnd(30)} ${does}`).join('\n');
const HEAD = `connect: ${SUMMARY}.\n\n${columns(EXAMPLES)}`;

/** What stands above the lists of commands and flags. */
export const USAGE = `${HEAD}\n\nUsage: connect <target> [flags]`;

/** For who typed `connect` and nothing else. */
export const CONCISE_HELP = `${HEAD}\n\n\`connect targets\` lists the targets there are, \`connect --help\` all commands and flags.`;

export const EPILOGUE = `Every flag has an environment variable, CONNECT_<FLAG>: CONNECT_PORT, CONNECT_ROLE; flags win. Those that close, start, stop or uncover something have none: --all, --stop-bastion, --start, --close, --insecure-tls, --show-password.

A project file, connect.json or the key "connect" of package.json, says what neither does; \`connect config\` shows which holds.

Exit codes:
${EXIT_TABLE.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}
${AFTER_DASHES}.`;
