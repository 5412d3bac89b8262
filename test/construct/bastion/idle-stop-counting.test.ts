import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { byEachShell, EIGHT_HOURS, SAYS } from './idle-stop-shells';

byEachShell((machineTest) => {
  machineTest('without any session it counts from boot, and powers off on the minute', async (machine) => {
    machine.startAgent();
    expect(await machine.look()).toEqual({ journal: [SAYS.idle(29)], powerOffs: 0, exit: 0 });
    machine.uptime = 1799;
    expect(await machine.look()).toEqual({ journal: [], powerOffs: 0, exit: 0 });
    machine.uptime = 1800;
    expect(await machine.look()).toEqual({ journal: [SAYS.due(30)], powerOffs: 1, exit: 0 });
  });

  machineTest('it counts from the last session, and powers off on the minute', async (machine) => {
    machine.startAgent();
    const [first, second] = [machine.openSession(), machine.openSession()];
    machine.uptime = 5000;
    expect((await machine.look()).journal).toEqual([SAYS.open]);
    await machine.end(first);
    machine.uptime = 10_000;
    expect((await machine.look()).journal).toEqual([]);
    await machine.end(second);
    machine.uptime = 10_060;
    expect(await machine.look()).toEqual({ journal: [SAYS.idle(29)], powerOffs: 0, exit: 0 });
    machine.uptime = 11_799;
    expect(await machine.look()).toEqual({ journal: [], powerOffs: 0, exit: 0 });
    machine.uptime = 11_800;
    expect(await machine.look()).toEqual({ journal: [SAYS.due(30)], powerOffs: 1, exit: 0 });
  });

  machineTest('another session starts the count anew', async (machine) => {
    machine.startAgent();
    await machine.look();
    const session = machine.openSession();
    machine.uptime = 1740;
    expect((await machine.look()).journal).toEqual([SAYS.open]);
    await machine.end(session);
    machine.uptime = 1800;
    expect(await machine.look()).toEqual({ journal: [SAYS.idle(29)], powerOffs: 0, exit: 0 });
  });

  machineTest('each boot starts anew', async (machine) => {
    machine.startAgent();
    machine.uptime = 1800;
    await machine.look();
    rmSync(machine.memory);
    machine.uptime = 60;
    expect(await machine.look()).toEqual({ journal: [SAYS.idle(29)], powerOffs: 0, exit: 0 });
  });

  machineTest('it says nothing where nothing changes', async (machine) => {
    machine.startAgent();
    const journal: string[] = [];
    for (let minute = 1; minute < 30; minute++) {
      machine.uptime = minute * 60;
      journal.push(...(await machine.look()).journal);
    }
    expect(journal).toEqual([SAYS.idle(29)]);
  });

  machineTest('the timeout is what it is told', async (machine) => {
    machine.startAgent();
    machine.uptime = 299;
    expect((await machine.look({ minutes: '5' })).journal).toEqual([SAYS.idle(1)]);
    machine.uptime = 300;
    expect(await machine.look({ minutes: '5' })).toEqual({ journal: [SAYS.due(5)], powerOffs: 1, exit: 0 });
  });

  machineTest('a timeout may be longer than 8 hours', async (machine) => {
    machine.startAgent();
    await machine.look({ minutes: '1440' });
    machine.uptime = 86_399;
    expect(await machine.look({ minutes: '1440' })).toEqual({ journal: [], powerOffs: 0, exit: 0 });
    machine.uptime = 86_400;
    expect(await machine.look({ minutes: '1440' })).toEqual({ journal: [SAYS.due(1440)], powerOffs: 1, exit: 0 });
  });

  for (const minutes of ['', '0', '-30', '1.5', '030', '30min', '9999999999']) {
    machineTest(`a timeout of "${minutes}" minutes is taken for 8 hours`, async (machine) => {
      machine.startAgent();
      const found = `no session is open, and "${minutes}" is no number of minutes`;
      machine.uptime = EIGHT_HOURS - 60;
      expect(await machine.look({ minutes })).toEqual({ journal: [`${found}: powers off in 1 min, unless one is opened`], powerOffs: 0, exit: 0 });
      machine.uptime = EIGHT_HOURS;
      expect(await machine.look({ minutes })).toEqual({ journal: [`${found}: powering off after 480 min without a session`], powerOffs: 1, exit: 0 });
    });
  }

  machineTest('a clock that jumps back starts the count anew', async (machine) => {
    machine.startAgent();
    machine.uptime = 5000;
    await machine.look();
    machine.uptime = 4000;
    expect(await machine.look()).toEqual({ journal: [`${machine.memory} makes no sense: counting from now`, SAYS.idle(30)], powerOffs: 0, exit: 0 });
    machine.uptime = 5799;
    expect(await machine.look()).toEqual({ journal: [], powerOffs: 0, exit: 0 });
    machine.uptime = 5800;
    expect(await machine.look()).toEqual({ journal: [SAYS.due(30)], powerOffs: 1, exit: 0 });
  });

  for (const memory of ['', '\n', '3000', 'x 3060 a', '3000 x a', '-1 3060 a', '08 3060 a', '3e3 3060 a', '9999999999 3060 a', '3000 9060 a', '3120 3060 a', '\0\0\0']) {
    machineTest(`a memory of ${JSON.stringify(memory)} starts the count anew`, async (machine) => {
      machine.startAgent();
      writeFileSync(machine.memory, memory);
      machine.uptime = 5000;
      expect(await machine.look()).toEqual({ journal: [`${machine.memory} makes no sense: counting from now`, SAYS.idle(30)], powerOffs: 0, exit: 0 });
      expect((await machine.look()).journal).toEqual([]);
    });
  }

  machineTest('a memory that is lost starts the count anew', async (machine) => {
    machine.startAgent();
    machine.uptime = 5000;
    expect(await machine.look()).toEqual({ journal: [SAYS.idle(30)], powerOffs: 0, exit: 0 });
  });

  machineTest('a power-off that fails is tried again', async (machine) => {
    machine.startAgent();
    await machine.look();
    const systemctl = readFileSync(`${machine.commands}/systemctl`, 'utf8');
    machine.command('systemctl', 'echo "Failed to power off: access denied" >&2\nexit 4');
    machine.uptime = 1800;
    expect(await machine.look()).toEqual({
      journal: [SAYS.due(30), 'Failed to power off: access denied', 'systemctl poweroff failed: trying again in a minute'], powerOffs: 0, exit: 1,
    });
    machine.command('systemctl', systemctl);
    machine.uptime = 1860;
    expect(await machine.look()).toEqual({ journal: [SAYS.due(31)], powerOffs: 1, exit: 0 });
  });

  machineTest('several runs at once do each other no harm', async (machine) => {
    machine.startAgent();
    // As many digits as later: a shell may read byte by byte what another overwrites.
    machine.uptime = 1680;
    await machine.look();
    machine.uptime = 1740;
    const early = await Promise.all(Array.from({ length: 16 }, async () => machine.look()));
    expect(early).toEqual(early.map(() => ({ journal: [], powerOffs: 0, exit: 0 })));
    expect(readFileSync(machine.memory, 'utf8')).toMatch(/^0 1740 no session is open\n/);
    machine.uptime = 1800;
    const due = await Promise.all(Array.from({ length: 16 }, async () => machine.look()));
    expect(due.map(({ journal }) => journal)).toEqual(due.map(() => [SAYS.due(30)]));
    expect(due.at(-1)!.powerOffs).toBeGreaterThan(0);
  });
});
