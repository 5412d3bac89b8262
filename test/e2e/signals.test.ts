import { scenario } from './support/scenario';

const SIGNALS = [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const;

for (const [signal, code] of SIGNALS) {
  scenario(`${signal} while the bastion starts: nothing left, exit code ${code}`, async ({ aws, start, watch, nothingLeft }) => {
    aws.instances.get().force('stopped');
    const running = start('ahbodedb --port 0');
    await running.says('starting it');
    running.kill(signal);
    expect(await watch(running)).toMatchObject({ exit: code, stdout: '' });
    await nothingLeft();
  }, { timing: { pending: 20_000 } });

  scenario(`${signal} while the database is waited for: nothing left, exit code ${code}`, async ({ aws, start, watch, nothingLeft }) => {
    aws.hosts.map(aws.clusters.get().endpoint, { host: '127.0.0.1', port: 1 });
    const running = start('ahbodedb --port 0');
    await running.says('waiting for ahbodedb to answer');
    running.kill(signal);
    expect(await watch(running)).toMatchObject({ exit: code, stdout: '' });
    await nothingLeft();
  });
}

scenario('SIGINT to who waits for the lock leaves the one who has it alone', async ({ aws, start, watch, closeAll }) => {
  const bastion = aws.instances.get();
  bastion.takeAgentOffline();
  const holder = start('ahbodedb --port 0');
  await holder.says('waiting for its agent');
  const waiting = start('ahbodedb --port 0');
  await waiting.says('waiting for it');
  waiting.kill('SIGINT');
  expect((await watch(waiting)).exit).toBe(130);
  bastion.bringAgentOnline();
  expect((await watch(holder)).exit).toBe(0);
  await closeAll();
});
