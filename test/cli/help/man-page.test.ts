import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../../src/cli/commands';
import { FLAGS } from '../../../src/cli/flags';
import { EXIT_TABLE } from '../../../src/cli/help/exit-codes';
import { manPage } from '../../../src/cli/help/man-page';
import { EXIT_CODES } from '../../../src/problem';

const ROOT = join(__dirname, '..', '..', '..');
const page = manPage(COMMANDS, '0.0.0');

test('the man page that is shipped is the one that the tables make', () => {
  expect(readFileSync(join(ROOT, 'man', 'connect.1'), 'utf8')).toBe(page);
});

test('it has every command, flag and exit code', () => {
  const heads = page.split('\n').filter((line) => line.startsWith('.B ')).join('\n').replaceAll('\\', '');
  for (const { name } of COMMANDS) expect(heads).toContain(`connect ${name}`);
  for (const name of Object.keys(FLAGS)) expect(heads).toContain(`--${name}`);
  for (const code of Object.values(EXIT_CODES)) expect(heads).toContain(`.B ${code}\n`);
  expect(EXIT_TABLE.map(([code]) => code)).toEqual([0, ...Object.values(EXIT_CODES)]);
});

test('no line of text is taken for an instruction of roff', () => {
  const instructions = new Set(page.split('\n').filter((line) => /^[.']/.test(line)).map((line) => line.split(' ')[0]));
  expect([...instructions].sort()).toEqual(['.B', '.PP', '.SH', '.TH', '.TP', '.br']);
});
