import type { DeclaredAwsEc2Instance } from '../../../src/aws/slow-path';
import { Problem } from '../../../src/problem';
import type { Carrier, CarrierRequest } from '../../../src/tunnel/transport/carrier';
import { openOnBastion, type WakingOptions } from '../../../src/tunnel/worker/bastion-waker';
import { TARGET } from '../some-target';

const CARRIER = { id: 's-1' } as Carrier;

class NotConnected extends Problem {
  readonly name: string = 'BastionNotConnected';
  constructor() {
    super('BASTION_DOWN', 'not connected');
  }
}
class NoHandshake extends NotConnected {
  readonly name = 'HandshakeTimeout';
}

function instance(status: string, more: Partial<DeclaredAwsEc2Instance> = {}): DeclaredAwsEc2Instance {
  return { id: 'i-1', exid: 'main', status, launchedAt: new Date(0).toISOString(), ...more } as unknown as DeclaredAwsEc2Instance;
}

/** A bastion whose states come one after the other, the last of them for ever, and a session service that refuses until told otherwise. */
function world(states: (DeclaredAwsEc2Instance | null)[], open: (request: CarrierRequest) => Carrier, options: Partial<WakingOptions> = {}) {
  const said: string[] = [];
  const started: string[] = [];
  const asked: string[] = [];
  const say = (message: string): unknown => said.push(message);
  const run = async () => openOnBastion({
    target: TARGET,
    instanceId: 'i-1',
    log: { debug: () => undefined, info: say, warn: say, error: say },
    deadline: Date.now() + 20_000,
    signal: new AbortController().signal,
    openCarrier: async (request) => {
      asked.push(request.instanceId);
      return open(request);
    },
    calls: {
      getEc2Instance: async () => (states.length > 1 ? states.shift()! : states[0]!),
      startEc2Instance: async (id) => {
        started.push(id);
      },
    },
    ...options,
  });
  return { run, said, started, asked };
}

function failing(times: number, error: () => Error): () => Carrier {
  let left = times;
  return () => {
    if (left-- > 0) throw error();
    return CARRIER;
  };
}

test('opens at once, without a look at the bastion', async () => {
  const { run, asked, said } = world([], () => CARRIER);
  expect(await run()).toEqual({ carrier: CARRIER, instanceId: 'i-1', isAnew: false });
  expect(asked).toEqual(['i-1']);
  expect(said).toEqual([]);
});

test('starts a stopped bastion once, and says each step once', async () => {
  const { run, started, said } = world([instance('STOPPED'), instance('STOPPED'), instance('PENDING'), instance('PENDING'), instance('RUNNING')], failing(3, () => new NotConnected()));
  await run();
  expect(started).toEqual(['i-1']);
  expect(said).toEqual([
    'bastion i-1 is stopped: starting it',
    'bastion i-1 is starting: waiting',
    'bastion i-1 is running, but does not take sessions yet: waiting for its agent',
  ]);
});

test('lets a stopping bastion stop before it starts it', async () => {
  const { run, started, said } = world([instance('STOPPING'), instance('STOPPED'), instance('RUNNING')], failing(1, () => new NotConnected()));
  await run();
  expect(started).toEqual(['i-1']);
  expect(said[0]).toBe('bastion i-1 is stopping: waiting until it can be started again');
});

test('tries again when a session is accepted and never shakes hands', async () => {
  const { run, started, asked } = world([instance('RUNNING')], failing(1, () => new NoHandshake()));
  await run();
  expect(started).toEqual([]);
  expect(asked).toHaveLength(2);
});

test('goes to the instance that the tag finds when the hint is stale', async () => {
  const { run, asked, said } = world([instance('RUNNING', { id: 'i-new' })], ({ instanceId }) => {
    if (instanceId === 'i-1') throw new NotConnected();
    return CARRIER;
  });
  expect(await run()).toEqual({ carrier: CARRIER, instanceId: 'i-new', isAnew: true });
  expect(asked).toEqual(['i-1', 'i-new']);
  expect(said[0]).toBe('bastion main is now i-new (was i-1)');
});

const OF_GROUP = { autoScalingGroup: 'bastions' };
const NEXT = instance('RUNNING', { id: 'i-next', ...OF_GROUP });

const gone = (id: string, status = 'TERMINATED') => instance(status, { id, ...OF_GROUP });

/** A group whose instances come one after the other; only the last one takes a session. */
function groupOf(...states: (DeclaredAwsEc2Instance | null)[]) {
  return world([...states, NEXT], ({ instanceId }) => {
    if (instanceId !== NEXT.id) throw new NotConnected();
    return CARRIER;
  });
}

test.each(['STOPPING', 'STOPPED', 'SHUTTING_DOWN', 'TERMINATED'])('waits for a group to replace an instance that is %s, and does not start it', async (status) => {
  const { run, started, said } = groupOf(gone('i-1', status));
  expect((await run()).instanceId).toBe('i-next');
  expect(started).toEqual([]);
  expect(said[0]).toBe(`bastion i-1 is ${status.toLowerCase().replace('_', ' ')}: waiting for its Auto Scaling group bastions to bring a new one`);
});

test('says once for each instance of a group that it has to be replaced, whatever becomes of it', async () => {
  const { run, said } = groupOf(gone('i-1', 'STOPPED'), gone('i-1'), gone('i-2'));
  await run();
  expect(said).toEqual([
    'bastion i-1 is stopped: waiting for its Auto Scaling group bastions to bring a new one',
    'bastion main is now i-2 (was i-1)',
    'bastion i-2 is terminated: waiting for its Auto Scaling group bastions to bring a new one',
    'bastion main is now i-next (was i-2)',
    'bastion i-next is running, but does not take sessions yet: waiting for its agent',
  ]);
});

test('goes on waiting for a group when EC2 has forgotten its last instance', async () => {
  const { run, started } = groupOf(gone('i-1'), null);
  expect((await run()).instanceId).toBe('i-next');
  expect(started).toEqual([]);
});

test.each(['STOPPED', 'TERMINATED'] as const)('fails when a group leaves its instance %s until the deadline, and says what to look at', async (status) => {
  const { run, started } = world([instance(status, OF_GROUP)], failing(99, () => new NotConnected()), { deadline: Date.now() + 600 });
  await expect(run()).rejects.toMatchObject({
    code: 'BASTION_DOWN',
    message: expect.stringMatching(/^the Auto Scaling group bastions did not bring a new instance for bastion main within \d s: i-1 is (stopped|terminated)$/),
    next: 'see what the group does: aws autoscaling describe-scaling-activities --auto-scaling-group-name bastions - or wait longer with --timeout',
  });
  expect(started).toEqual([]);
});

test('fails as with any other bastion when the instance that a group has brought takes no session', async () => {
  const { run } = world([NEXT], failing(99, () => new NotConnected()), { deadline: Date.now() + 600 });
  await expect(run()).rejects.toMatchObject({ code: 'BASTION_DOWN', message: expect.stringMatching(/did not take a session within \d s: it is running$/) });
});

test('says that a bastion without a descriptor may not stop by itself', async () => {
  const { run, said } = world([instance('STOPPED'), instance('RUNNING')], failing(1, () => new NotConnected()), { target: { ...TARGET, foundBy: 'lookup' } });
  await run();
  expect(said.join('\n')).toContain('--stop-bastion');
});

test('fails when a start falls back to stopped, with the reason', async () => {
  const { run } = world([instance('STOPPED'), instance('PENDING'), instance('STOPPED', { statusReason: 'Client.InvalidKMSKey.InvalidState' })], failing(9, () => new NotConnected()));
  await expect(run()).rejects.toMatchObject({ code: 'BASTION_DOWN', message: expect.stringContaining('Client.InvalidKMSKey.InvalidState') });
});

test('fails when no instance has the tag', async () => {
  const { run } = world([null], failing(9, () => new NotConnected()));
  await expect(run()).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('exid=main') });
});

test('fails when the deadline passes, and says what the bastion was last', async () => {
  const { run } = world([instance('RUNNING')], failing(99, () => new NotConnected()), { deadline: Date.now() + 600 });
  await expect(run()).rejects.toMatchObject({ code: 'BASTION_DOWN', message: expect.stringContaining('it is running') });
});

test('fails when a session does not come about before the deadline, however that is said', async () => {
  const { run } = world([], () => CARRIER, {
    deadline: Date.now() + 1000,
    openCarrier: async ({ signal }) => new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error))),
  });
  await expect(run()).rejects.toMatchObject({ code: 'BASTION_DOWN' });
});

test('does not mind passing trouble while it waits', async () => {
  class Trouble extends Problem {
    readonly name = 'PassingTrouble';
  }
  const looks = [async () => { throw new Trouble('SESSION_FAILED', 'throttled'); }, async () => instance('RUNNING')];
  const { run } = world([], failing(1, () => new NotConnected()), {
    calls: { getEc2Instance: async () => looks.shift()!(), startEc2Instance: async () => undefined },
  });
  expect((await run()).carrier).toBe(CARRIER);
  expect(looks).toEqual([]);
});

test('fails when it is denied, without a second try', async () => {
  const { run, asked } = world([], failing(9, () => new Problem('CREDENTIALS', 'denied')));
  await expect(run()).rejects.toMatchObject({ code: 'CREDENTIALS' });
  expect(asked).toHaveLength(1);
});

test('stops at once when it is interrupted', async () => {
  const controller = new AbortController();
  const { run } = world([instance('PENDING')], failing(9, () => new NotConnected()), { signal: controller.signal });
  const running = run();
  setImmediate(() => controller.abort(new Error('enough')));
  await expect(running).rejects.toThrow();
});
