import { isInstalled } from '../../support/optional-tools';
import { StandInMachine, whereIs } from './stand-in-machine';

export const EIGHT_HOURS = 28_800;

/** What may be /bin/sh: dash on Debian and Ubuntu, bash on Amazon Linux, busybox on Alpine. */
const SHELLS = [['sh'], ['bash', '--posix'], ['busybox', 'sh']];

export type MachineTest = (name: string, body: (machine: StandInMachine) => Promise<void>) => void;

/** The same tests by each shell that is here, each on a machine of its own. */
export function byEachShell(declare: (machineTest: MachineTest, shell: string) => void): void {
  for (const [program, ...args] of SHELLS) {
    const describeShell = process.platform === 'linux' && isInstalled(program) ? describe : describe.skip;
    describeShell(`by ${[program, ...args].join(' ')}`, () => {
      let machine: StandInMachine;
      beforeEach(() => { machine = new StandInMachine([whereIs(program), ...args]); });
      afterEach(async () => machine.remove());
      declare((name, body) => test(name, async () => body(machine)), program);
    });
  }
}

/** What it says of what it found, where that is not what it found the last time. */
export const SAYS = {
  open: 'a session is open: stays on',
  idle: (minutes: number): string => `no session is open: powers off in ${minutes} min, unless one is opened`,
  due: (minutes: number): string => `no session is open: powering off after ${minutes} min without a session`,
  unsure: (reason: string): string => `cannot tell whether the bastion is idle: ${reason}: does not power off before it is up for 8 hours`,
  dueUnsure: (reason: string, minutes: number): string => `cannot tell whether the bastion is idle: ${reason}: powering off after ${minutes} min without a session`,
};
