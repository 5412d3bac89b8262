import { COMMANDS } from '../../../src/cli/commands';
import { type FlagName, FLAGS } from '../../../src/cli/flags';
import { byTopic } from '../../../src/cli/help/topics';
import { runFake } from '../fake-host';

test('each flag is about one topic', () => {
  const flags = Object.keys(FLAGS) as FlagName[];
  expect(byTopic(flags).flatMap(([, names]) => names).sort()).toEqual([...flags, 'help', 'version'].sort());
});

test.each([['--help'], ...COMMANDS.map(({ name }) => [name, '--help'])])('connect %s %s fits a terminal of 80 columns', async (...args) => {
  const { stdout } = await runFake(args);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(stdout).toContain('Of every command:');
  expect(stdout).not.toContain('Options:');
});

test('help keeps its columns where a line is folded', async () => {
  const { stdout } = await runFake(['--help']);
  expect(stdout).toContain([
    '      --lanes               Sessions at most, for connections that are busy at',
    '                            the same time (default: 4)',
  ].join('\n'));
});
