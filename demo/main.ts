import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '../src/tunnel/ports';
import { synthesizeExample } from '../test/support/example-template';
import { Interruption } from '../test/support/interruption';
import { Narrator } from './narrator';
import { Stage } from './stage';

const QUERY = 'select id, city, rooms from home order by id';
const USUAL_PORT = 15432;

/** The main job, end to end, on this machine: nothing leaves it, and no account is needed. */
async function demo(stage: Stage, { keep, interrupted }: { keep: boolean; interrupted: AbortSignal }): Promise<void> {
  const narrator = new Narrator(interrupted);

  narrator.step('Synthesize the example app: a VPC, an Aurora PostgreSQL cluster named ahbodedb, and a TunnelableRdsCluster on it.');
  narrator.show('npx cdk synth');
  const template = await synthesizeExample(join(stage.folder, 'cdk.out'));

  narrator.step('Start a local AWS that holds what the template describes, and a real PostgreSQL in the place of the cluster.');
  await stage.startDatabase();
  const aws = await stage.startAws(template);
  narrator.say(`${aws.clusters.get('ahbodedb').endpoint}:5432 answers inside the VPC only; bastion ${aws.instances.get('vpc-main-bastion').id} is stopped.`);

  narrator.step('Open the tunnel. The bastion is started on the way.');
  const port = await findFreePort(USUAL_PORT);
  if (port !== USUAL_PORT) narrator.say(`Port ${USUAL_PORT} is busy on this machine: ${port} is used instead.`);
  await narrator.type(['connect', 'ahbodedb', '--port', String(port)], stage.environment);

  narrator.step(`Ask the database, through 127.0.0.1:${port}: ${QUERY}`);
  narrator.rows(await stage.query(port, QUERY));
  if (hasPsql()) {
    narrator.step('The same with psql, which finds its way by its environment.');
    await narrator.type(['connect', 'ahbodedb', '--', 'psql', '-c', QUERY], stage.environment);
  }

  narrator.step('The same command again reuses the tunnel: same process, same session.');
  await narrator.type(['connect', 'ahbodedb', '--port', String(port)], stage.environment);
  await narrator.type(['connect', 'list'], stage.environment);

  if (keep) return waitForInterrupt(stage, interrupted);

  narrator.step('Close it.');
  await narrator.type(['connect', 'close', 'ahbodedb'], stage.environment);
  await narrator.type(['connect', 'list'], stage.environment);
}

async function waitForInterrupt(stage: Stage, interrupted: AbortSignal): Promise<void> {
  console.log('\nThe tunnel stays open until Ctrl-C. To play with it, paste this into another terminal:\n');
  for (const [name, text] of Object.entries(stage.exports)) console.log(`export ${name}='${text}'`);
  console.log(`alias connect='${join(__dirname, '..', 'bin', 'connect')}'\n`);
  console.log('and try: connect status ahbodedb; connect targets; connect doctor ahbodedb; connect logs ahbodedb; connect ahbodedb -- psql');
  const alive = setInterval(() => undefined, 60_000);
  await once(interrupted, 'abort');
  clearInterval(alive);
}

function hasPsql(): boolean {
  return spawnSync('psql', ['--version']).status === 0;
}

async function main(args: readonly string[]): Promise<number> {
  const keep = args.includes('--keep');
  const interruption = new Interruption();
  let exit = 0;
  const stage = await Stage.build();
  try {
    await demo(stage, { keep, interrupted: interruption.signal });
  } catch (error) {
    exit = interruption.code ?? 1;
    if (!interruption.signal.aborted) console.error(error);
  } finally {
    // Where all went well, the tunnel is closed by now.
    if (stage.isSet) await promisify(execFile)('connect', ['close', '--all'], { env: stage.environment });
    await stage.clear();
  }
  console.log('\nNothing is left running.');
  return exit;
}

void main(process.argv.slice(2)).then((exit) => {
  process.exitCode = exit;
});
