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
