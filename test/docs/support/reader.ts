import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { DEFAULT_PREFIX } from '../../../src/descriptor';
import { BIN, ROOT } from '../../e2e/support/connect';
import { exampleDescriptor, putDescriptor } from '../../e2e/support/descriptor';
import { freePort } from '../../e2e/support/listener';
import { World } from '../../e2e/support/world';
import { isInstalled } from '../../support/optional-tools';
import { startPostgres } from '../../support/postgres';
import { createSampleTable } from '../../support/sample-table';
import { GIVENS } from './givens';
import type { Block, Page } from './pages';
import { Shell } from './shell';
import { isAsPrinted, readTranscript, type Step } from './transcript';

/** The ports that the pages name. Each stands for one that is free on this machine. */
const PORTS = ['15432', '15433', '25432', '16379'];
const LAST_USED = [['ahbodedb writer', '15432'], ['ahbodedb reader', '25432'], ['orders writer', '15433']] as const;

/** Somebody who types what the pages say, in a project of theirs, against an AWS where the example and a second target are deployed. */
export class Reader {
  static async create(): Promise<Reader> {
    const postgres = await startPostgres();
    await createSampleTable(postgres);
    const world = await World.create(postgres);
    world.atEnd(() => postgres.stop());
    const folder = await mkdtemp(join(tmpdir(), 'connect-docs-'));
    world.atEnd(() => rm(folder, { recursive: true, force: true }));
    const ports = new Map<string, string>();
    for (const port of PORTS) ports.set(port, String(await freePort()));
    const reader = new Reader(world, folder, ports);
    await reader.settle();
    return reader;
  }

  private shell?: Shell;

  private constructor(private readonly world: World, private readonly folder: string, private readonly ports: ReadonlyMap<string, string>) {}

  /** Does all that a page says. @throws Error where something else happens */
  async follow({ blocks }: Page): Promise<void> {
    const project = await mkdtemp(join(this.folder, 'project-'));
    await this.install(project);
    this.shell = new Shell(this.environment, project);
    try {
      for (const block of blocks.filter(isRun)) await this.do(block);
    } finally {
      await this.shell.type('connect close --all');
      await this.shell.end();
    }
  }

  /** @returns what is left that should not be; what a page puts into HOME is no leftover */
  async end(): Promise<string[]> {
    return (await this.world.end()).filter((left) => !left.startsWith('file in HOME'));
  }

  private get environment(): Readonly<Record<string, string>> {
    const { environment, postgres } = this.world;
    const psql = isInstalled('psql') ? [] : [join(__dirname, '..', 'stand-in')];
    return {
      ...environment,
      PATH: [join(ROOT, 'bin'), ...psql, environment.PATH].join(delimiter),
      PGUSER: postgres.user,
      PGPASSWORD: postgres.password,
      npm_config_cache: join(this.folder, 'npm'),
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
    };
  }

  /** The second target is the example's once more, by another name; what was open last time had the ports of the pages. */
  private async settle(): Promise<void> {
    const { aws, tunnels } = this.world;
    putDescriptor(aws, { ...exampleDescriptor(aws), name: 'orders' });
    const lastPorts = LAST_USED.map(([name, port]) => [`${aws.home.region} ${name} descriptor in ${DEFAULT_PREFIX}`, Number(this.ports.get(port))]);
    await mkdir(tunnels, { recursive: true, mode: 0o700 });
    await writeFile(join(tunnels, 'last-ports.json'), JSON.stringify(Object.fromEntries(lastPorts)));
  }

  /** As `npm install --save-dev tunnelable-rds-cluster` leaves it. */
  private async install(project: string): Promise<void> {
    await mkdir(join(project, 'node_modules', '.bin'), { recursive: true });
    await symlink(ROOT, join(project, 'node_modules', 'tunnelable-rds-cluster'));
    await symlink(BIN, join(project, 'node_modules', '.bin', 'connect'));
    await writeFile(join(project, 'package.json'), '{ "name": "project", "private": true }\n');
  }

  private async do(block: Block): Promise<void> {
    const undos = [];
    for (const given of block.given) undos.push(await this.arrange(given, block));
    try {
      await this.type(block);
    } finally {
      for (const undo of undos) await undo?.();
    }
  }

  private async arrange(given: string, { page, line }: Block): Promise<void | (() => unknown)> {
    const arrange = GIVENS[given];
    if (!arrange) throw new Error(`${page}:${line}: nobody knows how to arrange that ${given}`);
    return arrange({ world: this.world, shell: this.shell!, port: Number(this.ports.get('15432')) });
  }

  private async type(block: Block): Promise<void> {
    const steps = block.language === 'console' ? readTranscript(block.text) : [await this.script(block)];
    for (const [index, step] of steps.entries()) {
      const isExitShown = steps[index + 1]?.command.includes('$?') ?? false;
      await this.check(`${block.page}:${block.line}`, step, isExitShown);
    }
  }

  private async script({ text }: Block): Promise<Step> {
    const file = join(this.folder, 'script.sh');
    await writeFile(file, this.here(text));
    return { command: `sh -e ${file}`, printed: ['...'] };
  }

  private async check(at: string, { command, printed }: Step, mayFail: boolean): Promise<void> {
    const { output, exit } = await this.shell!.type(this.here(command));
    const lines = output === '' ? [] : output.trimEnd().split('\n');
    const shown = printed.map((line) => this.here(line));
    if (exit !== 0 && !mayFail) throw new Error(`${at}: \`${command}\` ended with exit code ${exit}: ${output}`);
    if (!isAsPrinted(shown, lines)) expect({ at, command, prints: lines }).toEqual({ at, command, prints: shown });
  }

  /** A text of a page, with the ports of this machine. */
  private here(text: string): string {
    return text.replace(/\b\d{5}\b/g, (port) => this.ports.get(port) ?? port);
  }
}

export function isRun({ language, mark }: Block): boolean {
  return (language === 'console' || language === 'sh') && mark === '';
}
