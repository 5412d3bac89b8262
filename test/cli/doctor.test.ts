import { Problem } from '../../src/problem';
import type { Diagnosis, ExaminationRequest, LayerReport } from '../../src/tunnel';
import { runFake } from './fake-host';

const LAYERS: LayerReport[] = [
  { layer: 'node', status: 'ok', message: 'Node 20' },
  { layer: 'credentials', status: 'remark', message: 'they end soon', next: 'aws sso login' },
  { layer: 'region', status: 'failed', message: 'no\nregion', next: 'export AWS_REGION=us-east-1' },
  { layer: 'descriptor', status: 'unreached' },
];
const VERSIONS = { connect: '1.2.3', node: '20.16.0', platform: 'linux x64' };
const PROBLEM = new Problem('USAGE', 'no region', { next: 'export AWS_REGION=us-east-1' });

function examineTarget(asked: ExaminationRequest[] = [], problem: Problem | null = PROBLEM) {
  return async (request: ExaminationRequest): Promise<Diagnosis> => {
    asked.push(request);
    for (const report of LAYERS) request.onReport?.(report);
    return { ok: !problem, layers: LAYERS, versions: VERSIONS, ...(problem && { problem }) };
  };
}

test('doctor prints a line for each layer and what to type, and exits as the problem says', async () => {
  const { exit, stdout, stderr } = await runFake(['doctor', 'ahbodedb'], { tunnels: { examineTarget: examineTarget() } });
  expect(stdout.split('\n')).toEqual([
    'ok       node         Node 20',
    'remark   credentials  they end soon',
    '         next:        aws sso login',
    'failed   region       no region',
    '         next:        export AWS_REGION=us-east-1',
    '-        descriptor',
    '',
  ]);
  expect({ exit, stderr }).toEqual({ exit: 2, stderr: '' });
});

test('doctor --json prints one object', async () => {
  const { exit, json } = await runFake(['doctor', 'ahbodedb', '--json'], { tunnels: { examineTarget: examineTarget() } });
  expect({ exit, json }).toEqual({ exit: 2, json: { ok: false, layers: LAYERS, versions: VERSIONS } });
});

test('doctor has colours on a terminal only', async () => {
  const tunnels = { examineTarget: examineTarget() };
  const { stdout } = await runFake(['doctor'], { tunnels, isTTY: true });
  expect(stdout).toContain('\x1b[32mok\x1b[0m       node');
  expect(stdout).toContain('\x1b[31mfailed\x1b[0m   region');
  expect(stdout).toMatch(/^ +next: /m);
  expect((await runFake(['doctor'], { tunnels, isTTY: true, environment: { NO_COLOR: '1' } })).stdout).not.toContain('\x1b');
});

test('doctor --verbose says where the problem came from', async () => {
  expect((await runFake(['doctor', '--verbose'], { tunnels: { examineTarget: examineTarget() } })).stderr).toContain('doctor.test.ts');
});

test('doctor asks about what is named, or about no target, and starts nothing unless told', async () => {
  const asked: ExaminationRequest[] = [];
  const tunnels = { examineTarget: examineTarget(asked, null) };
  for (const args of ['ahbodedb --timeout 30 --start', '', '--bastion b --cluster c']) {
    expect((await runFake(['doctor', ...args.split(' ').filter(Boolean)], { tunnels, environment: { CONNECT_START: '1' } })).exit).toBe(0);
  }
  expect(asked).toMatchObject([
    { target: { into: { target: 'ahbodedb' }, role: 'writer' }, start: true, timeout: 30_000 },
    { target: undefined, start: false, timeout: 180_000, prefix: '/tunnelable-rds' },
    { target: { into: { cluster: 'c', bastion: 'b' } }, start: false },
  ]);
});
