import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnParameter, Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { checkIdleTimeout, stopWhenIdle } from '../../../src/construct/bastion/idle-stop';
import { testWith } from '../../support/optional-tools';
import { testStack } from '../support';
import { shellCheck } from './shell-check';

const SCRIPT = readFileSync(join(__dirname, '..', '..', '..', 'resources', 'idle-stop.sh'), 'utf8');

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'idle-stop-')); });
afterAll(() => rmSync(folder, { recursive: true }));

function userDataFor(idleTimeout: Duration): string {
  const userData = ec2.UserData.forLinux();
  stopWhenIdle(userData, idleTimeout);
  return userData.render();
}

const USER_DATA = userDataFor(Duration.minutes(30));

interface Installed {
  /** What its commands printed; of systemctl, what it was asked for. */
  readonly output: string;
  read(name: string): string;
  mode(name: string): number;
}

/** Runs the user data, with another folder instead of the machine's own. */
function install(userData: string): Installed {
  const script = userData.replaceAll(/ (\/usr\/local\/sbin|\/etc\/systemd\/system)\//g, ` ${folder}/`);
  return {
    output: execFileSync('bash', ['-e'], { input: `systemctl() { echo "$*"; }\n${script}`, encoding: 'utf8' }),
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    mode: (name) => statSync(join(folder, name)).mode & 0o777,
  };
}

test('the script passes ShellCheck, with nothing switched off', () => {
  expect(SCRIPT).not.toMatch(/shellcheck/i);
  expect(shellCheck(SCRIPT)).toEqual([]);
});

test('so does the user data', () => {
  expect(shellCheck(USER_DATA)).toEqual([]);
});

test('ShellCheck is not asked in vain', () => {
  expect(shellCheck('#!/bin/sh\nx=`ls`\necho "$x"\n')).toEqual(['line 2: SC2006: Use $(...) notation instead of legacy backticks `...`.']);
});

test.each([['the script', 'sh', SCRIPT], ['the user data', 'bash', USER_DATA], ['the user data, by another shell', 'sh', USER_DATA]])('%s is what a shell can read', (_, shell, text) => {
  expect(execFileSync(shell, ['-n'], { input: text, encoding: 'utf8' })).toBe('');
});

test('the script stands in the user data byte for byte', () => {
  expect(USER_DATA).toContain(`cat > /usr/local/sbin/bastion-idle-stop <<'END_OF_FILE'\n${SCRIPT}END_OF_FILE\n`);
  expect(SCRIPT).toMatch(/\n$/);
  expect(SCRIPT.split('\n')).not.toContain('END_OF_FILE');
  expect(SCRIPT).not.toMatch(/[^\n\x20-\x7e]/);
});

test('the user data installs it so that a timer can run it', () => {
  const installed = install(USER_DATA);
  expect(installed.read('bastion-idle-stop')).toBe(SCRIPT);
  expect(installed.mode('bastion-idle-stop')).toBe(0o755);
  expect(installed.read('bastion-idle-stop.service')).toMatch(/^ExecStart=\/usr\/local\/sbin\/bastion-idle-stop 30$/m);
  expect(installed.output).toBe('enable --now bastion-idle-stop.timer\n');
});

test('it is run a minute after boot, and every minute from then on', () => {
  const timer = install(USER_DATA).read('bastion-idle-stop.timer');
  expect(timer).toMatch(/^OnBootSec=1min\nOnUnitActiveSec=1min\nAccuracySec=1s$/m);
  expect(timer).toMatch(/^WantedBy=timers.target$/m);
});

test('its memory lasts from run to run, and not from boot to boot', () => {
  expect(install(USER_DATA).read('bastion-idle-stop.service')).toMatch(/^RuntimeDirectory=bastion-idle-stop\nRuntimeDirectoryPreserve=yes$/m);
});

test('no run can hang and keep the next ones from starting', () => {
  expect(install(USER_DATA).read('bastion-idle-stop.service')).toMatch(/^TimeoutStartSec=50s$/m);
});

test('it may see the processes of all, and whose program they run', () => {
  const service = install(USER_DATA).read('bastion-idle-stop.service');
  expect(service).not.toMatch(/ProtectProc|ProcSubset|PrivatePIDs|PrivateUsers|User=|InaccessiblePaths/);
  expect(service).toMatch(/^CapabilityBoundingSet=.*\bCAP_SYS_PTRACE\b/m);
});

testWith('systemd-analyze')('systemd understands every line of its units', () => {
  install(USER_DATA);
  const service = readFileSync(join(folder, 'bastion-idle-stop.service'), 'utf8');
  writeFileSync(join(folder, 'bastion-idle-stop.service'), service.replaceAll('/usr/local/sbin', folder));
  const units = ['service', 'timer'].map((kind) => join(folder, `bastion-idle-stop.${kind}`));
  const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...units], { encoding: 'utf8' });
  expect(stderr.split('\n').filter((line) => line.includes('bastion-idle-stop'))).toEqual([]);
});

test('it fetches nothing, and leaves most of the 16 KiB to others', () => {
  expect(USER_DATA).not.toMatch(/curl|wget|https?:|\b(yum|dnf|apt|apt-get|snap|rpm|pip) /);
  expect(Buffer.byteLength(USER_DATA)).toBeLessThan(8 * 1024);
});

test('commands may come before and after', () => {
  const userData = ec2.UserData.forLinux();
  userData.addCommands('echo before');
  stopWhenIdle(userData, Duration.minutes(30));
  userData.addCommands('echo after');
  expect(install(userData.render()).output).toBe('before\nenable --now bastion-idle-stop.timer\nafter\n');
});

test.each([
  [Duration.minutes(5), 5],
  [Duration.seconds(1800), 30],
  [Duration.hours(2), 120],
  [Duration.days(365), 525600],
])('an idleTimeout of %s is %i minutes', (idleTimeout, minutes) => {
  checkIdleTimeout(idleTimeout);
  expect(userDataFor(idleTimeout)).toContain(`bastion-idle-stop ${minutes}\n`);
});

test('fails when idleTimeout is a token', () => {
  const parameter = new CfnParameter(testStack(), 'IdleMinutes', { type: 'Number' });
  expect(() => checkIdleTimeout(Duration.minutes(parameter.valueAsNumber))).toThrow(new Error(
    'idleTimeout cannot be a token: it is read once, when the instance is first started; pass a literal, such as Duration.minutes(30)'));
});

test.each([
  [Duration.minutes(4), '4 minutes'],
  [Duration.seconds(330), '5 minutes 30 seconds'],
  [Duration.millis(300_001), '5 minutes 1 milli'],
  [Duration.seconds(0), '0 seconds'],
])('fails when idleTimeout is %s', (idleTimeout, got) => {
  expect(() => checkIdleTimeout(idleTimeout)).toThrow(new Error(
    `idleTimeout ${got} cannot be used: it must be whole minutes, at least 5; pass Duration.minutes(30), for example`));
});
