import { eventually } from '../support/eventually';
import { markedProcesses } from '../support/marked-processes';
import { scenario } from './support/scenario';

/** Long enough for a worker to start meanwhile. */
const SLOW = 2_000;

async function workers(marker: string): Promise<number> {
  return (await markedProcesses(marker)).filter(({ args }) => args.some((arg) => /worker/.test(arg))).length;
}

scenario('a worker starts while AWS is asked; one that is not needed is gone with the command', async ({ aws, start, watch, marker, nothingLeft }) => {
  aws.faults.delay('GetParameter', SLOW);
  const running = start('nosuch --port 0');
  await aws.calls.next('GetParameter');
  await eventually(async () => workers(marker), (count) => count === 1);
  expect((await watch(running)).exit).toBe(3);
  await nothingLeft();
});

scenario('beside a tunnel that is open no worker is started', async ({ aws, open, start, watch, marker, closeAll }) => {
  await open();
  aws.faults.delay('GetParameter', SLOW);
  const running = start('ahbodedb --port 0');
  await aws.calls.next('GetParameter');
  expect(await workers(marker)).toBe(1);
  expect(await watch(running)).toMatchObject({ exit: 0, stderr: expect.stringContaining('was open already') });
  await closeAll();
});

scenario('the database behind a tunnel that is open is asked while AWS is, and not again', async ({ aws, open, start, status, watch, closeAll }) => {
  await open();
  const { traffic: before } = await status();
  aws.faults.delay('GetParameter', SLOW);
  const running = start('ahbodedb --port 0');
  let ended = false;
  void running.finished.then(() => { ended = true; });
  await aws.calls.next('GetParameter');
  const { traffic: asked } = await eventually(status, ({ traffic }) => traffic.in > before.in);
  expect(ended).toBe(false);
  expect((await watch(running)).exit).toBe(0);
  expect((await status()).traffic.in).toBe(asked.in);
  await closeAll();
});
