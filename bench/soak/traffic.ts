import type { Dice } from '../../test/fuzz/dice';
import { type Conversation, WrongBytes } from './conversation';
import { Pattern } from './pattern';
import { ORDERS, RIGHT } from './target';

/** How much, and how long, in a soak of one kind. */
export interface Scale {
  /** Bytes of a bulk transfer, at most. */
  readonly bulk: number;
  /** Milliseconds that an idle connection rests. */
  readonly idle: number;
}

export interface Kind {
  readonly name: string;
  /** How often it is picked. */
  readonly weight: number;
  run(conversation: Conversation, dice: Dice, scale: Scale): Promise<void>;
}

const PING = 64;
const SLOW = { every: 4 * 1024, milliseconds: 15 };

/** What people do with a tunnel. */
export const KINDS: readonly Kind[] = [
  { name: 'short', weight: 40, run: async (one, dice) => echo(one, dice, 1, 1 + dice.below(3_000)) },
  { name: 'pings', weight: 12, run: async (one, dice) => echo(one, dice, 20 + dice.below(80), PING) },
  { name: 'bulk up', weight: 8, run: async (one, dice, { bulk }) => upload(one, dice, 1 + dice.below(bulk)) },
  { name: 'bulk down', weight: 8, run: async (one, dice, { bulk }) => download(one, dice, 1 + dice.below(bulk)) },
  { name: 'idle', weight: 6, run: async (one, dice, { idle }) => echo(one, dice, 2, PING, idle) },
  { name: 'half-closed', weight: 10, run: async (one, dice) => download(one, dice, 1 + dice.below(30_000), () => one.finish()) },
  {
    name: 'reset',
    weight: 8,
    run: async (one, dice, { bulk }) => {
      await one.order(ORDERS.GIVE, 1, bulk);
      await one.read(1 + dice.below(2_000));
      one.reset();
    },
  },
  { name: 'slow reader', weight: 4, run: async (one, dice, { bulk }) => download(one, dice, 1 + dice.below(bulk), undefined, SLOW) },
  { name: 'hung up on', weight: 3, run: async (one, dice) => dismissed(one, dice.pick([ORDERS.HANG_UP, ORDERS.RESET])) },
];

/** One that is never picked: it asks whether a new connection is served. */
export const PROBE: Kind = { name: 'is it back?', weight: 0, run: async (one, dice) => echo(one, dice, 1, PING) };

/** @param rest milliseconds between two questions, at most */
async function echo(one: Conversation, dice: Dice, times: number, size: number, rest = 0): Promise<void> {
  const pattern = new Pattern(dice.below(2 ** 31));
  await one.order(ORDERS.ECHO);
  for (let time = 1; time <= times; time++) {
    const question = pattern.next(size);
    await one.send(question);
    if (!(await one.read(size)).equals(question)) throw new WrongBytes(`echo ${time} of ${times}`);
    if (rest > 0) await one.rest(dice.below(rest));
  }
  one.finish();
}

async function upload(one: Conversation, dice: Dice, size: number): Promise<void> {
  const seed = dice.below(2 ** 31);
  await one.order(ORDERS.TAKE, seed, size);
  await one.sendPattern(seed, size);
  if ((await one.read(1)).toString() !== RIGHT) throw new WrongBytes(`an upload of ${size} bytes, says the target`);
  await one.end();
  one.finish();
}

async function download(one: Conversation, dice: Dice, size: number, meanwhile?: () => void, pause?: typeof SLOW): Promise<void> {
  const seed = dice.below(2 ** 31);
  await one.order(ORDERS.GIVE, seed, size);
  meanwhile?.();
  await one.readPattern(seed, size, pause);
  await one.end();
  one.finish();
}

async function dismissed(one: Conversation, order: typeof ORDERS.HANG_UP | typeof ORDERS.RESET): Promise<void> {
  await one.order(order);
  await one.end();
  one.finish();
}

export function pickKind(dice: Dice): Kind {
  let left = dice.below(KINDS.reduce((sum, { weight }) => sum + weight, 0));
  return KINDS.find(({ weight }) => (left -= weight) < 0)!;
}
