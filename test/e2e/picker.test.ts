import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BIN } from './support/connect';
import { exampleDescriptor, putDescriptor } from './support/descriptor';
import { scenario } from './support/scenario';
import { Terminal, withTerminal } from './support/terminal';
import type { World } from './support/world';

interface Seen { readonly screen: string; readonly stdout: string }

/** Types `connect` at a terminal; its stdout goes to a file, and the terminal is asked afterwards how it is. */
async function atTerminal({ environment, home }: World, args: string, work: (terminal: Terminal) => Promise<void>): Promise<Seen> {
  const cwd = join(home, 'project');
  await mkdir(cwd);
  await writeFile(join(cwd, 'connect.json'), JSON.stringify({ targets: { users: { port: 0 } } }));
  const terminal = new Terminal(`${BIN} ${args} > stdout; echo "exit code $?"; stty -a`, { environment, cwd });
  await work(terminal);
  await terminal.ended;
  const stdout = await readFile(join(cwd, 'stdout'), 'utf8');
  await rm(cwd, { recursive: true });
  expect(terminal.screen).toMatch(/ icanon .* echo /s);
  return { screen: terminal.screen, stdout };
}

scenario('who types `connect` alone chooses by typing a part, and gets the endpoint on stdout; the last used is on top next time, and a command has the terminal', async (world) => {
  const { aws, ports, closeAll } = world;
  for (const name of ['orders', 'users']) putDescriptor(aws, { ...exampleDescriptor(aws), name });
  const first = await atTerminal(world, '', async (terminal) => {
    await terminal.shows('❯ users\r\n  ahbodedb  aurora-postgresql\r\n  orders    aurora-postgresql\r\n');
    terminal.type('ord');
    await terminal.shows('❯ orders');
    terminal.type('\r');
  });
  expect(first.screen).toContain('orders (writer) is open');
  expect(first.screen).toContain('exit code 0');
  expect(first.stdout).toMatch(/^127\.0\.0\.1:\d+\n$/);
  ports.add(Number(first.stdout.split(':')[1]));

  const second = await atTerminal(world, '-- sh -c \'echo ready >&2; read line; echo "$line 127.0.0.1:$PGPORT"\'', async (terminal) => {
    await terminal.shows('❯ orders    aurora-postgresql\r\n  users\r\n');
    terminal.type('\r');
    await terminal.shows('ready');
    terminal.type('typed to psql\n');
  });
  expect(second.stdout).toBe(`typed to psql ${first.stdout}`);
  await closeAll();
}, { run: withTerminal });

for (const [what, key] of [['Ctrl-C', '\x03'], ['Ctrl-D', '\x04'], ['escape', '\x1b']]) {
  scenario(`${what} while choosing is exit code 130, opens nothing and leaves the terminal right`, async (world) => {
    const { screen, stdout } = await atTerminal(world, '', async (terminal) => {
      await terminal.shows('ahbodedb');
      terminal.type(key!);
    });
    expect(screen).toContain('exit code 130');
    expect(screen).not.toMatch(/-icanon| -echo /);
    expect(stdout).toBe('');
    expect(world.aws.calls.of('StartSession')).toEqual([]);
  }, { run: withTerminal });
}
