import { EXIT_TABLE } from '../../src/cli/help/exit-codes';
import { messagesOfProblems } from './support/messages';
import { readPage } from './support/pages';

const { text } = readPage('docs/troubleshooting.md');
const messages = messagesOfProblems();

/** What the source puts together in another way: checks of the library, words of yargs, a deadline's name for what took too long. */
const OTHERS = [
  /^mechanism .* is not known$/, /^cluster .* is looked up/, /^host .* is not this machine's loopback$/, /^port .* is no port$/,
  /^connect .* does not take --/, /^unknown flag --/, / took longer than --timeout allows$/,
];

function rowsOf(page: string): string[] {
  return [...page.matchAll(/^\| `(.+?)` \|/gm)].map(([, message]) => message!);
}

test('each message has a row', () => {
  const rows = rowsOf(text);
  const without = messages.filter(({ pattern }) => !rows.some((row) => pattern.test(row)));
  expect([...new Set(without.map((message) => `${message.file}: ${message.text}`))]).toEqual([]);
});

test('each row is the message of something', () => {
  const patterns = [...messages.map(({ pattern }) => pattern), ...OTHERS];
  const saying = rowsOf(text).filter((row) => /\w/.test(row.replace(/<.*?>/g, '')));
  expect(saying.filter((row) => !patterns.some((pattern) => pattern.test(row)))).toEqual([]);
});

test('each exit code is in the table, in the words of --help', () => {
  for (const [code, meaning] of EXIT_TABLE.filter(([exit]) => exit < 128)) expect(text).toMatch(new RegExp(`^\\| ${code} \\| \\[?${meaning}`, 'm'));
});
