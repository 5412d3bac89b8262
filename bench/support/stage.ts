import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyPackage } from '../../test/e2e/support/package-copy';
import { exampleTemplate } from '../../test/support/example-template';
import type { CrowdMethods } from './crowd-process';
import type { FixtureMethods } from './fixture-process';
import { Helper } from './helper';
import type { TargetMethods } from './target-process';
import { Tunnels } from './tunnels';

/** What would lead `connect` elsewhere. */
const FOREIGN = /^(AWS_|CONNECT_|PG|NODE_OPTIONS$|HOME$|TMPDIR$)/;

/** All that the bench measures with: a copy of the built package, a local AWS, a database, each in a process of its own. */
export class Stage {
  static async build(interrupted: AbortSignal): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'connect-bench-'));
    const stage = new Stage(folder, interrupted);
    try {
      await stage.set();
      return stage;
    } catch (error) {
      await stage.clear();
      throw error;
    }
  }

  readonly fixture = new Helper<FixtureMethods>(join(__dirname, 'fixture-process.ts'));
  readonly target = new Helper<TargetMethods>(join(__dirname, 'target-process.ts'));
  readonly crowd: string;
  private readonly many = new Helper<CrowdMethods>(join(__dirname, 'crowd-process.ts'));
  private opener?: Tunnels;

  private constructor(private readonly folder: string, private readonly interrupted: AbortSignal) {
    this.crowd = join(folder, 'crowd');
  }

  get tunnels(): Tunnels {
    return this.opener!;
  }

  /** Gives everything back, tunnels that are still open among it. */
  async clear(): Promise<void> {
    await this.opener?.abandon();
    await Promise.all([this.fixture.stop(), this.target.stop(), this.many.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  private async set(): Promise<void> {
    const [template, targetPort] = await Promise.all([exampleTemplate(), this.target.ask('listen')]);
    await this.many.ask('gather', { folder: this.crowd, count: 50 });
    const aws = await this.fixture.ask('start', { template, targetPort });
    const home = join(this.folder, 'home');
    const temporary = join(this.folder, 'tmp');
    for (const each of [home, temporary]) await mkdir(each);
    const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && !FOREIGN.test(entry[0]));
    this.opener = new Tunnels({
      bin: await copyPackage(join(this.folder, 'package')),
      environment: { ...Object.fromEntries(own), ...aws, HOME: home, TMPDIR: temporary, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
      interrupted: this.interrupted,
    });
  }
}
