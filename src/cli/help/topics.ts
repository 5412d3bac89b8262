import type { FlagName } from '../flags';

/** What flags are about, in the order in which help has them. Each flag is in one topic. */
const TOPICS: Readonly<Record<string, readonly FlagName[]>> = {
  'Of this command:': ['wait', 'watch', 'follow', 'lines', 'all', 'stop-bastion', 'start', 'show-password', 'close', 'foreground', 'drain'],
  'Which tunnel:': ['port', 'role', 'region', 'profile', 'prefix', 'bastion', 'cluster'],
  'How it is opened:': ['timeout', 'reason', 'shared', 'unix-socket', 'lanes', 'packets-per-second', 'transport'],
  'How a program logs in:': ['auth', 'user', 'database', 'tls', 'ca', 'insecure-tls'],
  'Of every command:': ['json', 'quiet', 'verbose', 'config'],
};

/** The flags of a command, topic by topic. Those of yargs itself stand with the last. */
export function byTopic(flags: readonly FlagName[]): (readonly [topic: string, flags: readonly string[]])[] {
  const own = Object.entries(TOPICS).map(([topic, names]) => [topic, names.filter((name) => flags.includes(name))] as const);
  const [topic, names] = own.at(-1)!;
  return [...own.slice(0, -1), [topic, [...names, 'help', 'version']]];
}
