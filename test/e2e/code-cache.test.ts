import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { scenario } from './support/scenario';
import type { World } from './support/world';

const WITH_CACHE = { environment: { NODE_DISABLE_COMPILE_CACHE: undefined } } as const;

const folderOf = ({ home }: World): string => join(home, '.cache', 'tunnelable-rds-cluster');
/** Each file of code there is, with what would change if it were written anew. */
const writtenIn = (folder: string): Record<string, number> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).ino]));
const codeOf = (world: World, program: string): string => join(folderOf(world), readdirSync(folderOf(world)).find((name) => name.startsWith(`${program}-`))!);

/** Opens and closes a tunnel, until both programs have left their code. */
async function warmUp(world: World): Promise<void> {
  await world.open('ahbodedb --port 0', WITH_CACHE);
  await eventually(() => readdirSync(folderOf(world)).sort().map((name) => name.split('-')[0]), (programs) => programs.join() === 'cli,worker');
  await world.connect('close --all', WITH_CACHE);
}

/** How many files a command had compiled for it, and how many were compiled before. */
async function compiled(world: World, args: string): Promise<{ exit: number; anew: number; before: number }> {
  const [preload, counts] = ['preload.cjs', 'counts.json'].map((name) => join(world.temporary, name)) as [string, string];
  await writeFile(preload, `
    const vm = require('node:vm');
    const count = { anew: 0, before: 0 };
    vm.Script = class extends vm.Script {
      constructor(source, options) {
        super(source, options);
        count[options.cachedData && !this.cachedDataRejected ? 'before' : 'anew']++;
      }
    };
    process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(counts)}, JSON.stringify(count)));
  `);
  const { exit } = await world.connect(args, { environment: { ...WITH_CACHE.environment, NODE_OPTIONS: `--require ${preload}` } });
  const count = JSON.parse(readFileSync(counts, 'utf8'));
  await Promise.all([preload, counts].map((file) => rm(file)));
  return { exit, ...count };
}

scenario('what was compiled once is not compiled again, by command and worker', async (world) => {
  expect(await compiled(world, 'list')).toEqual({ exit: 0, anew: expect.any(Number), before: 0 });
  await warmUp(world);
  const written = writtenIn(folderOf(world));
  expect(statSync(folderOf(world)).mode & 0o777).toBe(0o700);
  expect(await compiled(world, 'ahbodedb --port 0')).toEqual({ exit: 0, anew: 0, before: expect.any(Number) });
  expect(await compiled(world, 'ahbodedb')).toEqual({ exit: 0, anew: 0, before: expect.any(Number) });
  expect((await world.connect('close --all', WITH_CACHE)).exit).toBe(0);
  expect(writtenIn(folderOf(world))).toEqual(written);
});

scenario('code that is damaged is compiled anew, and mended', async (world) => {
  await warmUp(world);
  for (const program of ['cli', 'worker']) {
    const path = codeOf(world, program);
    const data = readFileSync(path);
    for (let at = 10_000; at < data.length; at += 10_000) data[at]! ^= 0x10;
    writeFileSync(path, data);
  }
  const before = writtenIn(folderOf(world));
  const { port } = await world.open('ahbodedb --port 0', WITH_CACHE);
  expect(await world.query(port)).toBe(42);
  const after = await eventually(() => writtenIn(folderOf(world)), (now) => Object.keys(before).every((name) => now[name] !== before[name]));
  expect(Object.keys(after)).toEqual(Object.keys(before));
  await world.connect('close --all', WITH_CACHE);
  expect(await compiled(world, 'list')).toMatchObject({ exit: 0, anew: 0 });
});

scenario('where no code can be kept, or others could change it, all works without', async (world) => {
  const folder = folderOf(world);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  const { port } = await world.open('ahbodedb --port 0', WITH_CACHE);
  expect(await world.query(port)).toBe(42);
  await world.connect('close --all', WITH_CACHE);
  expect(readdirSync(folder)).toEqual([]);
  await rm(join(world.home, '.cache'), { recursive: true });
  for (const environment of [{ XDG_CACHE_HOME: '/proc/nowhere' }, { HOME: '', XDG_CACHE_HOME: undefined, CONNECT_TUNNELS_DIR: world.tunnels }]) {
    expect((await world.connect('list', { environment: { ...WITH_CACHE.environment, ...environment } })).exit).toBe(0);
  }
  expect(existsSync(join(world.home, '.cache'))).toBe(false);
});

scenario('twenty at once, with nothing compiled before, do not get into each other\'s way', async (world) => {
  const all = await Promise.all(Array.from({ length: 20 }, async () => world.connect('list', WITH_CACHE)));
  expect(new Set(all.map(({ exit, stderr }) => `${exit}${stderr}`))).toEqual(new Set([`0${all[0]!.stderr}`]));
  expect(await compiled(world, 'list')).toMatchObject({ exit: 0, anew: 0 });
  expect(readdirSync(folderOf(world))).toHaveLength(1);
});
