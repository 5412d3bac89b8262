import { partitionOf } from '../../local-aws/place';
import { ACCOUNT, REGION } from '../support';
import { deployEverything } from './simulation/app';
import { DENIED } from './simulation/denied';
import { mutationsOf } from './simulation/mutations';
import type { PolicyDocument, Statement } from './simulation/policies';
import { allowedRequests, type Change, changed, differences, type Request } from './simulation/requests';
import { Simulator } from './simulation/simulator';

const stack = deployEverything(ACCOUNT, REGION);
const simulator = new Simulator(stack);
const ALLOWED = allowedRequests(stack);

/** In another place than the target's own, everything is denied. */
const ELSEWHERE: Readonly<Record<string, Change>> = {
  'in another account': { resource: { account: '210987654321' } },
  'in another region': { resource: { region: 'us-east-1' } },
  'in another partition': { resource: { partition: 'aws-us-gov' } },
};

const ROWS = Object.entries(ALLOWED).flatMap(([what, allowed]) => {
  const changes = Object.entries({ ...DENIED[what], ...(allowed.resource && ELSEWHERE) });
  return changes.map(([how, change]) => (
    { name: `${what} - ${how}`, allowed, request: changed(allowed, typeof change === 'function' ? change(allowed, stack) : change) }));
});

test.each(Object.entries(ALLOWED))('may %s', async (_, request) => {
  expect(await simulator.decide(request)).toEqual({ isAllowed: true, ignored: [] });
});

test.each(ROWS)('may not $name', async ({ request, allowed }) => {
  const { isAllowed, ignored } = await simulator.decide(request);
  expect(isAllowed).toBe(false);
  // What the simulator ignores, it cannot have denied. Another action may really have no use for it.
  if (request.action === allowed.action) expect(ignored).toEqual([]);
});

test('each denied request is an allowed one with exactly one thing changed, and there are enough of them', () => {
  expect(ROWS.filter(({ allowed, request }) => differences(allowed, request).length !== 1).map(({ name }) => name)).toEqual([]);
  expect(Object.keys(DENIED).filter((what) => !(what in ALLOWED))).toEqual([]);
  expect(Object.values(DENIED).flatMap((changes) => Object.keys(changes)).length).toBeGreaterThan(40);
});

test.each(['cn-north-1', 'us-gov-west-1'])('in %s the same is allowed', async (region) => {
  const there = deployEverything(ACCOUNT, region);
  for (const request of Object.values(allowedRequests(there))) {
    expect(request.resource?.partition ?? partitionOf(region)).toBe(partitionOf(region));
    expect({ request, ...await new Simulator(there).decide(request) }).toEqual({ request, isAllowed: true, ignored: [] });
  }
});

/** Every statement about the target, by whoever has it. */
const STATEMENTS = [...simulator.policies.entries()].filter(([person]) => !person.startsWith('a neighbour'))
  .flatMap(([, policies]) => policies).flatMap(({ Statement: statements }) => statements);
const BY_SID = new Map(STATEMENTS.map((statement) => [statement.Sid, statement]));

test('whoever has a statement has the same one', () => {
  for (const statement of STATEMENTS) expect(statement).toEqual(BY_SID.get(statement.Sid));
});

/** The first of some requests that is decided otherwise when a statement is replaced, wherever it is. */
async function firstToTurn(
  requests: Request[], isAllowed: boolean, { Sid, Action }: Statement, replacement: Statement[],
): Promise<Request | undefined> {
  const replace = (policy: PolicyDocument) => ({ ...policy, Statement: policy.Statement.flatMap((one) => (one.Sid === Sid ? replacement : [one])) });
  const [service] = [Action].flat()[0]!.split(':');
  for (const request of requests.filter(({ action }) => action.startsWith(`${service}:`))) {
    const policies = simulator.policies.get(request.person)!.map(replace);
    if ((await simulator.decide(request, policies)).isAllowed !== isAllowed) return request;
  }
  return undefined;
}

const MUTATIONS = [...BY_SID.values()].flatMap((statement) => mutationsOf(statement).map((mutation) => ({ statement, ...mutation })));

test.each(MUTATIONS)('each restriction is needed: $statement.Sid, $lifted', async ({ statement, mutant }) => {
  expect(await firstToTurn(ROWS.map(({ request }) => request), false, statement, [mutant])).toBeDefined();
});

test.each([...BY_SID])('each statement is needed: %s', async (_, statement) => {
  expect(await firstToTurn(Object.values(ALLOWED), true, statement, [])).toBeDefined();
});
