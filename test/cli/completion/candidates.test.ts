import { COMMANDS } from '../../../src/cli/commands';
import { candidatesFor, type Names } from '../../../src/cli/completion/candidates';

const NAMES: Names = { targets: async () => ['ahbodedb', 'orders', 'statistics'], open: async () => ['orders'] };
const words = async (...typed: string[]): Promise<string[]> => (await candidatesFor(typed, COMMANDS, NAMES)).map(({ word }) => word);

test('the first word may be a target or a verb', async () => {
  expect(await words('')).toEqual(['ahbodedb', 'orders', 'statistics', ...COMMANDS.map(({ name }) => name)]);
  expect(await words('stat')).toEqual(['statistics', 'status']);
  expect(await candidatesFor(['clos'], COMMANDS, NAMES)).toEqual([{ word: 'close', summary: 'Close a tunnel, or all of them' }]);
});

test('after a verb comes a target: any, or one that is open', async () => {
  expect(await words('open', '')).toEqual(['ahbodedb', 'orders', 'statistics']);
  expect(await words('close', '')).toEqual(['orders']);
  expect(await words('list', '')).toEqual([]);
});

test('a verb that takes one target takes no second', async () => {
  expect(await words('close', 'orders', '')).toEqual([]);
});

test('the shells follow `completion`', async () => {
  expect(await words('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  expect(await words('completion', 'bash', '')).toEqual([]);
});

test('flags are those of the verb, without those that are there', async () => {
  expect(await words('close', '--st')).toEqual(['--stop-bastion']);
  expect(await words('close', '--stop-bastion', '--st')).toEqual([]);
  expect(await words('list', '--st')).toEqual([]);
  expect(await words('ahbodedb', '-p', '15432', '--po')).toEqual([]);
});

test('a target alone takes the flags of `open`', async () => {
  expect(await words('ahbodedb', '--foreg')).toEqual(['--foreground']);
  expect(await words('--foreg')).toEqual(['--foreground']);
});

test('the value of a flag is one of those it takes, and no target', async () => {
  expect(await words('ahbodedb', '--role', '')).toEqual(['writer', 'reader']);
  expect(await words('ahbodedb', '--role=re')).toEqual(['--role=reader']);
  expect(await words('ahbodedb', '--port', '')).toEqual([]);
  expect(await words('ahbodedb', '-p', '')).toEqual([]);
  expect(await words('--role', 'reader', 'ah')).toEqual(['ahbodedb']);
});

test('names are asked for only where one could stand', async () => {
  const targets = jest.fn(NAMES.targets);
  const open = jest.fn(NAMES.open);
  for (const typed of [['--'], ['ahbodedb', '--role', ''], ['completion', ''], ['list', '']]) await candidatesFor(typed, COMMANDS, { targets, open });
  expect([targets.mock.calls.length, open.mock.calls.length]).toEqual([0, 0]);
  await candidatesFor(['close', ''], COMMANDS, { targets, open });
  expect([targets.mock.calls.length, open.mock.calls.length]).toEqual([0, 1]);
});
