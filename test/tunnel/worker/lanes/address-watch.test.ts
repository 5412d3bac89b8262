import { AddressWatch } from '../../../../src/tunnel/worker/lanes/address-watch';

const HOST = 'db.cluster-abc.us-east-1.rds.amazonaws.com';
const FRESH = 10_000;
const OLD = 3_600_000;

function watchOf(...answers: (readonly string[] | Error)[]) {
  const asked: string[] = [];
  const watch = new AddressWatch(async (host) => {
    asked.push(host);
    const answer = answers[Math.min(asked.length, answers.length) - 1]!;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { watch, asked };
}

const NOT_FOUND = new Error('ENOTFOUND');
const at = (addresses: readonly string[] | undefined, age: number) => ({ age, addresses: Promise.resolve(addresses) });

test.each([
  ['the same address', ['10.0.0.1'], at(['10.0.0.1'], OLD), 'fresh'],
  ['another address', ['10.0.0.2'], at(['10.0.0.1'], OLD), 'stale'],
  ['the same addresses in another order', ['10.0.0.2', '10.0.0.1'], at(['10.0.0.1', '10.0.0.2'], OLD), 'fresh'],
  ['one of its addresses', ['10.0.0.2'], at(['10.0.0.1', '10.0.0.2'], OLD), 'stale'],
  ['another address, for a session that is young', ['10.0.0.2'], at(['10.0.0.1'], FRESH), 'fresh'],
  ['nothing, and did before', NOT_FOUND, at(['10.0.0.1'], OLD), 'stale'],
  ['nothing, for a session that is not so young', NOT_FOUND, at(undefined, 45_000), 'aging'],
  ['nothing, for a session that is old', NOT_FOUND, at(undefined, OLD), 'stale'],
] as const)('a name that now leads to %s', async (_what, answer, session, verdict) => {
  await expect(watchOf(answer).watch.judge(HOST, session)).resolves.toBe(verdict);
});

test.each(['10.0.0.1', '2001:db8::1'])('%s is no name, and leads to the same for ever', async (host) => {
  const { watch, asked } = watchOf(['10.0.0.1']);
  await expect(watch.judge(host, at(undefined, OLD))).resolves.toBe('fresh');
  expect(asked).toEqual([]);
});

test('a name that could not be resolved when the session was opened is not asked for each time', async () => {
  const { watch, asked } = watchOf(NOT_FOUND);
  await watch.judge(HOST, at(undefined, OLD));
  expect(asked).toEqual([]);
});

describe('a name that leads to one of several by turns', () => {
  beforeEach(() => { jest.useFakeTimers(); });
  afterEach(() => { jest.useRealTimers(); });

  test('an address that it led to a moment ago is still good, and no longer when it does not come back', async () => {
    const { watch } = watchOf(['10.0.0.1'], ['10.0.0.2'], ['10.0.0.1'], ['10.0.0.2']);
    const verdicts: string[] = [];
    for (let turn = 0; turn < 7; turn++) {
      verdicts.push(await watch.judge(HOST, at(['10.0.0.1'], OLD)));
      jest.advanceTimersByTime(21_000);
    }
    expect(verdicts).toEqual(['fresh', 'fresh', 'fresh', 'fresh', 'stale', 'stale', 'stale']);
  });
});

test('many who ask at the same time ask once', async () => {
  const { watch, asked } = watchOf(['10.0.0.1']);
  await Promise.all([1, 2, 3].map(async () => watch.addressesOf(HOST)));
  expect(asked).toEqual([HOST]);
});

test('a resolver that never answers holds nobody up', async () => {
  const watch = new AddressWatch(() => new Promise(() => undefined));
  await expect(watch.addressesOf(HOST)).resolves.toBeUndefined();
});
