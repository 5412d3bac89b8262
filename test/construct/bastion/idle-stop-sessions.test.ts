import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../support/eventually';
import { byEachShell, SAYS } from './idle-stop-shells';
import { SCRIPT, StandInMachine, whereIs } from './stand-in-machine';

const HALF_AN_HOUR = 1800;

/** A process in a namespace of its own sees no other in /proc. */
const UNSHARE = ['--pid', '--fork', '--mount-proc'];
const inNamespace = spawnSync('unshare', [...UNSHARE, 'true']).status === 0 ? test : test.skip as typeof test;

/** Looks when it has been idle for half an hour, if it is idle at all. */
async function keepsOn(machine: StandInMachine): Promise<boolean> {
  machine.uptime = HALF_AN_HOUR - 60;
  await machine.look();
  machine.uptime = HALF_AN_HOUR;
  return (await machine.look()).powerOffs === 0;
}

const LOOK_ALIKES: Record<string, (machine: StandInMachine) => ChildProcess> = {
  'an argument': (machine) => machine.start(whereIs('sh'), ['-c', 'read -r line', '/usr/bin/ssm-session-worker', 'ssm-session-worker'], 'sh'),
  'what a program calls itself': (machine) => machine.start(machine.install('sleep'), ['300'], 'ssm-session-worker'),
  'the folder of a program': (machine) => machine.start(machine.install('sleep', 'ssm-session-worker')),
  'a script': (machine) => {
    const path = machine.install('ssm-session-worker', 'scripts');
    writeFileSync(path, '#!/bin/sh\nread -r line\n');
    return machine.start(path, []);
  },
  'a longer name': (machine) => machine.start(machine.install('ssm-session-worker-exporter')),
  'a name that is longer by one letter': (machine) => machine.start(machine.install('ssm-session-workers')),
  'another name that is cut to the same': (machine) => machine.start(machine.install('ssm-session-workshop')),
  'the cut name itself': (machine) => machine.start(machine.install('ssm-session-wor')),
  'a name that ends so': (machine) => machine.start(machine.install('my-ssm-session-worker')),
  'another program of the agent': (machine) => machine.start(machine.install('ssm-session-logger')),
  'one that runs commands': (machine) => machine.start(machine.install('ssm-document-worker')),
};

inNamespace('no session is found among all processes there are where none is open', async () => {
  const machine = new StandInMachine([]);
  machine.install('ssm-session-worker');
  const program = machine.install('amazon-ssm-agent');
  const script = '"$1" 300 & until [ "$(readlink /proc/$!/exe)" = "$1" ]; do :; done; sh "$2" 30';
  const { stdout, stderr } = spawnSync('unshare', [...UNSHARE, 'sh', '-c', script, 'sh', program, SCRIPT], {
    env: { ...process.env, RUNTIME_DIRECTORY: machine.run }, encoding: 'utf8',
  });
  await machine.remove();
  expect(stdout + stderr).toMatch(/^no session is open: powers off in \d+ min, unless one is opened\n$/);
});

byEachShell((machineTest) => {
  machineTest('a session keeps it on, however long it is open', async (machine) => {
    machine.startAgent();
    machine.openSession();
    expect(await machine.look()).toEqual({ journal: [SAYS.open], powerOffs: 0, exit: 0 });
    machine.uptime = 30 * 86_400;
    expect(await machine.look()).toEqual({ journal: [], powerOffs: 0, exit: 0 });
  });

  machineTest('a session is found among all processes there are, by the name that the kernel cuts', async (machine) => {
    const session = machine.openSession();
    expect(readFileSync(`/proc/${session.pid}/comm`, 'utf8')).toBe('ssm-session-wor\n');
    expect((await machine.look({ proc: '/proc' })).journal).toEqual([SAYS.open]);
  });

  machineTest('a session is found that the agent of a snap has opened', async (machine) => {
    machine.start(machine.install('ssm-session-worker', 'snap/amazon-ssm-agent/11797'));
    expect((await machine.look()).journal).toEqual([SAYS.open]);
  });

  machineTest('a session outlives its agent', async (machine) => {
    const agent = machine.start(machine.install('amazon-ssm-agent'));
    machine.openSession();
    await machine.end(agent);
    expect(await keepsOn(machine)).toBe(true);
  });

  machineTest('a session stays one when an update deletes its program', async (machine) => {
    machine.startAgent();
    machine.openSession();
    rmSync(join(machine.folder, 'agent', 'ssm-session-worker'));
    machine.install('ssm-session-worker');
    expect(await keepsOn(machine)).toBe(true);
  });

  machineTest('a session stays one when an update moves its program aside', async (machine) => {
    machine.startAgent();
    machine.openSession();
    const path = join(machine.folder, 'agent', 'ssm-session-worker');
    renameSync(path, `${path}.old`);
    machine.install('ssm-session-worker');
    expect(await keepsOn(machine)).toBe(true);
  });

  machineTest('what may be a session is taken for one where its program cannot be read', async (machine) => {
    const { pid } = machine.openSession();
    machine.hide(pid!);
    machine.showNameOnly(pid!);
    expect((await machine.look()).journal).toEqual([SAYS.open]);
  });

  for (const [what, start] of Object.entries(LOOK_ALIKES)) {
    machineTest(`no session is ${what}`, async (machine) => {
      machine.startAgent();
      start(machine);
      expect(await keepsOn(machine)).toBe(false);
    });
  }

  machineTest('no session is one that has ended, and waits for its parent to ask', async (machine) => {
    machine.startAgent();
    const path = machine.install('ssm-session-worker');
    // The shell starts a child, and becomes a program that never asks how it went.
    const parent = machine.start(whereIs('sh'), ['-c', `"${path}" 300 & echo $!; exec cat`], 'sh');
    const [line] = await once(parent.stdout!, 'data') as [Buffer];
    const zombie = Number(line.toString());
    const stat = (): string => readFileSync(`/proc/${zombie}/stat`, 'utf8');
    await eventually(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') + stat(), (found) => /^cat\n\d+ \(ssm-session-wor\)/.test(found));
    process.kill(zombie, 'SIGKILL');
    await eventually(stat, (found) => found.startsWith(`${zombie} (ssm-session-wor) Z`));
    machine.show(zombie);
    expect(await keepsOn(machine)).toBe(false);
  });

  machineTest('each of many sessions counts, among many others', async (machine) => {
    machine.startAgent();
    const others = machine.install('ssm-session-workers');
    const sessions = Array.from({ length: 200 }, (_, index) => {
      if (index % 10 === 0) machine.start(others);
      return machine.openSession();
    });
    expect((await machine.look()).journal).toEqual([SAYS.open]);
    const [last, ...rest] = sessions;
    await Promise.all(rest.map(async (session) => machine.end(session)));
    machine.uptime = 120;
    expect((await machine.look()).journal).toEqual([]);
    await machine.end(last);
    machine.uptime = 180;
    expect((await machine.look()).journal).toEqual([SAYS.idle(29)]);
  });

  machineTest('a process may come and go while it looks', async (machine) => {
    machine.startAgent();
    machine.openSession();
    machine.show(2 ** 22 + 1);
    mkdirSync(join(machine.proc, '99999999'));
    expect(await machine.look()).toEqual({ journal: [SAYS.open], powerOffs: 0, exit: 0 });
  });

  machineTest('a session that is opened at the last moment keeps it on', async (machine) => {
    machine.startAgent();
    machine.uptime = HALF_AN_HOUR - 60;
    await machine.look();
    const session = machine.openSession();
    machine.hide(session.pid!);
    const busy = machine.showBusy('99999999');
    machine.uptime = HALF_AN_HOUR;
    const looking = machine.look();
    // It has seen all others, and waits for the last one.
    const release = await busy();
    machine.show(session.pid!);
    release();
    expect(await looking).toEqual({ journal: [SAYS.due(30), SAYS.open], powerOffs: 0, exit: 0 });
    machine.hide('99999999');
    await machine.end(session);
    machine.uptime = HALF_AN_HOUR + 60;
    expect((await machine.look()).journal).toEqual([SAYS.idle(29)]);
  });
});
