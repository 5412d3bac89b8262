import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ROOT } from '../../e2e/support/connect';
import { Listener } from '../../e2e/support/listener';
import type { World } from '../../e2e/support/world';
import type { Shell } from './shell';

interface Place {
  readonly world: World;
  readonly shell: Shell;
  /** What stands for 15432. */
  readonly port: number;
}

/** Makes something so for one block. @returns how to take it back, where that has to be */
type Given = (place: Place) => Promise<void | (() => unknown)>;

/** What a page may take for granted: `<!-- given: the bastion is stopped -->` above a block. */
export const GIVENS: Readonly<Record<string, Given>> = {
  async 'nothing is open'({ shell }) {
    await shell.type('connect close --all');
  },
  async 'the bastion is stopped'({ world, shell }) {
    await shell.type('connect close --all');
    world.aws.instances.get('vpc-main-bastion').force('stopped');
  },
  async 'another program has the port'({ shell, port }) {
    await shell.type('connect close --all');
    const listener = await Listener.on(port);
    return () => listener.close();
  },
  async 'the certificates of RDS are there'({ world: { home } }) {
    const file = join(home, '.postgresql', 'root.crt');
    await mkdir(dirname(file), { recursive: true });
    await copyFile(join(ROOT, 'test', 'support', 'certificates', 'ca.pem'), file);
    return () => rm(dirname(file), { recursive: true });
  },
  async 'the credentials have expired'({ world: { aws } }) {
    aws.credentials.expire();
    return () => aws.credentials.renew();
  },
};
