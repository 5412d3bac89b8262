import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { byEachShell, EIGHT_HOURS, SAYS } from './idle-stop-shells';

const NO_AGENT = 'no SSM agent is seen';

byEachShell((machineTest, shell) => {
  machineTest('without a memory it cannot tell, and says so each time', async (machine) => {
    machine.startAgent();
    rmSync(machine.run, { recursive: true });
    const reason = `${machine.memory} cannot be written`;
    for (const uptime of [60, 1800, EIGHT_HOURS - 1]) {
      machine.uptime = uptime;
      expect(await machine.look()).toEqual({ journal: [SAYS.unsure(reason)], powerOffs: 0, exit: 0 });
    }
    machine.uptime = EIGHT_HOURS;
    expect(await machine.look()).toEqual({ journal: [SAYS.dueUnsure(reason, 480)], powerOffs: 1, exit: 0 });
  });

  machineTest('without a memory an open session keeps it on', async (machine) => {
    mkdirSync(machine.memory);
    machine.openSession();
    machine.uptime = EIGHT_HOURS;
    expect(await machine.look()).toEqual({ journal: [`${machine.memory} makes no sense: counting from now`, SAYS.open], powerOffs: 0, exit: 0 });
  });

  machineTest('without an agent it cannot tell', async (machine) => {
    expect(await machine.look()).toEqual({ journal: [SAYS.unsure(NO_AGENT)], powerOffs: 0, exit: 0 });
    machine.uptime = EIGHT_HOURS - 1;
    expect(await machine.look()).toEqual({ journal: [], powerOffs: 0, exit: 0 });
    machine.uptime = EIGHT_HOURS;
    expect(await machine.look()).toEqual({ journal: [SAYS.dueUnsure(NO_AGENT, 480)], powerOffs: 1, exit: 0 });
  });

  machineTest('without an agent an open session keeps it on', async (machine) => {
    machine.openSession();
    machine.uptime = 30 * 86_400;
    expect(await machine.look()).toEqual({ journal: [SAYS.open], powerOffs: 0, exit: 0 });
  });

  machineTest('where it cannot tell, it powers off no sooner after a session than where it can', async (machine) => {
    const session = machine.openSession();
    machine.uptime = EIGHT_HOURS;
    await machine.look();
    await machine.end(session);
    machine.uptime = EIGHT_HOURS + 1799;
    expect(await machine.look()).toEqual({ journal: [SAYS.unsure(NO_AGENT)], powerOffs: 0, exit: 0 });
    machine.uptime = EIGHT_HOURS + 1800;
    expect(await machine.look()).toEqual({ journal: [SAYS.dueUnsure(NO_AGENT, 30)], powerOffs: 1, exit: 0 });
  });

  for (const name of ['amazon-ssm-agent', 'ssm-agent-worker']) {
    machineTest(`an agent is seen by its ${name}`, async (machine) => {
      machine.install('ssm-session-worker');
      machine.start(machine.install(name));
      expect((await machine.look()).journal).toEqual([SAYS.idle(29)]);
    });
  }

  machineTest('an agent that starts anew changes nothing', async (machine) => {
    const agent = machine.start(machine.install('amazon-ssm-agent'));
    machine.install('ssm-session-worker');
    await machine.look();
    await machine.end(agent);
    machine.uptime = 1800;
    expect(await machine.look()).toEqual({ journal: [SAYS.unsure(NO_AGENT)], powerOffs: 0, exit: 0 });
    machine.start(machine.install('amazon-ssm-agent'));
    machine.uptime = 1860;
    expect(await machine.look()).toEqual({ journal: [SAYS.due(31)], powerOffs: 1, exit: 0 });
  });

  machineTest('an agent whose sessions would be called otherwise tells nothing', async (machine) => {
    const path = machine.install('amazon-ssm-agent');
    machine.start(path);
    const reason = `there is no ${path.replace('amazon-ssm-agent', 'ssm-session-worker')}`;
    machine.uptime = 1740;
    expect((await machine.look()).journal).toEqual([SAYS.unsure(reason)]);
    machine.uptime = 1800;
    expect(await machine.look()).toEqual({ journal: [], powerOffs: 0, exit: 0 });
  });

  machineTest('what is only called like the agent tells nothing', async (machine) => {
    machine.install('ssm-session-worker');
    machine.start(machine.install('amazon-ssm-agent-updater'));
    const script = machine.install('ssm-agent-worker', 'scripts');
    writeFileSync(script, '#!/bin/sh\nread -r line\n');
    machine.start(script, []);
    expect((await machine.look()).journal).toEqual([SAYS.unsure(NO_AGENT)]);
  });

  machineTest('one agent of several that is as it should be is enough', async (machine) => {
    machine.start(machine.install('amazon-ssm-agent', 'another'));
    machine.startAgent();
    machine.start(machine.install('ssm-agent-worker', 'a-third'));
    expect((await machine.look()).journal).toEqual([SAYS.idle(29)]);
  });

  machineTest('without /proc it cannot tell, and counts its own minutes', async (machine) => {
    const proc = `${machine.folder}/nothing`;
    expect((await machine.look({ proc })).journal).toEqual([SAYS.unsure(NO_AGENT)]);
    expect(readFileSync(machine.memory, 'utf8')).toMatch(/^0 60 /);
    writeFileSync(machine.memory, `0 ${EIGHT_HOURS - 120} cannot tell whether the bastion is idle: ${NO_AGENT}\n`);
    expect(await machine.look({ proc })).toEqual({ journal: [], powerOffs: 0, exit: 0 });
    expect(await machine.look({ proc })).toEqual({ journal: [SAYS.dueUnsure(NO_AGENT, 480)], powerOffs: 1, exit: 0 });
  });

  for (const uptime of ['', 'soon', '-5.00 1.00', '1800,5']) {
    machineTest(`with an uptime of "${uptime}" it counts its own minutes`, async (machine) => {
      machine.startAgent();
      writeFileSync(`${machine.proc}/uptime`, uptime);
      await machine.look();
      expect(await machine.look({ minutes: '3' })).toEqual({ journal: [], powerOffs: 0, exit: 0 });
      expect(await machine.look({ minutes: '3' })).toEqual({ journal: [SAYS.due(3)], powerOffs: 1, exit: 0 });
    });
  }

  // busybox brings its own readlink.
  if (shell !== 'busybox') {
    machineTest('without readlink it cannot tell', async (machine) => {
      machine.startAgent();
      rmSync(`${machine.commands}/readlink`);
      const reason = 'the program of the SSM agent cannot be read';
      machine.uptime = 1740;
      expect((await machine.look()).journal).toEqual([SAYS.unsure(reason)]);
      machine.uptime = EIGHT_HOURS - 1;
      expect(await machine.look()).toEqual({ journal: [], powerOffs: 0, exit: 0 });
    });
  }

  machineTest('without any command an open session keeps it on', async (machine) => {
    machine.startAgent();
    machine.openSession();
    machine.uptime = EIGHT_HOURS;
    expect(await machine.look({ path: '/nowhere' })).toEqual({ journal: [SAYS.open], powerOffs: 0, exit: 0 });
  });

  machineTest('without any command it cannot power off, and says so', async (machine) => {
    machine.startAgent();
    await machine.look();
    machine.uptime = EIGHT_HOURS;
    const { journal, powerOffs, exit } = await machine.look({ path: '/nowhere' });
    expect(journal.slice(-2)).toEqual([expect.stringMatching(/systemctl.*not found/), 'systemctl poweroff failed: trying again in a minute']);
    expect([powerOffs, exit]).toEqual([0, 1]);
  });
});
