import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './support/connect';
import { scenario } from './support/scenario';

const WRONG: readonly (readonly string[])[] = [
  ['ahbodedb', '--port', '70000'],
  ['ahbodedb', '--port', '7775432'],
  ['ahbodedb', '--port', 'abc'],
  ['ahbodedb', '--port', '-1'],
  ['ahbodedb', '--port', '1.5'],
  ['ahbodedb', '--port', ''],
  ['ahbodedb', '--port='],
  ['ahbodedb', '--port', '1', '--port', '2'],
  ['ahbodedb', '--prot', '1'],
  ['ahbodedb', '--role', 'admin'],
  [''],
  ['a'.repeat(129)],
  ['../ahbodedb'],
  ['ahbodedb; id'],
  ['psql'],
  [],
];

scenario('wrong input is exit code 2 before anything happens: no call, no file, not a word on stdout', async ({ connect, aws, home }) => {
  for (const args of WRONG) {
    const { exit, stdout, stderr } = await connect(args);
    expect({ args, exit, stdout, said: stderr !== '' }).toEqual({ args, exit: 2, stdout: '', said: true });
  }
  expect(aws.calls.all()).toEqual([]);
  expect(existsSync(join(home, '.declastruct'))).toBe(false);
});

scenario('a wrong variable is exit code 2 and named, and a flag wins over it', async ({ connect, aws }) => {
  const environment = { CONNECT_PORT: '70000' };
  const { exit, stderr } = await connect('ahbodedb', { environment });
  expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringContaining('CONNECT_PORT') });
  expect(aws.calls.all()).toEqual([]);
  expect((await connect('status ahbodedb --port 15432', { environment })).exit).toBe(9);
});

scenario('a failure under --json is one object on stdout', async ({ connect }) => {
  const { exit, json, stderr } = await connect('ahbodedb --port abc --json');
  expect(exit).toBe(2);
  expect(json).toEqual({ error: { code: 'USAGE', exit: 2, message: expect.stringContaining('abc'), next: expect.any(String) } });
  expect(stderr).toBe('');
});

scenario('prints help and its own version, whatever package one stands in', async ({ connect }) => {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  expect(await connect('--version')).toMatchObject({ exit: 0, stdout: `${version}\n` });
  expect(await connect('--help')).toMatchObject({ exit: 0, stdout: expect.stringContaining('connect ahbodedb --port 15432'), stderr: '' });
});

scenario('a reader of stdout that goes away is no failure', async ({ start, watch }) => {
  const running = start('--help');
  running.stopReading();
  expect(await watch(running)).toMatchObject({ exit: 0, stderr: '' });
});
