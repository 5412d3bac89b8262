import { setTimeout as sleep } from 'node:timers/promises';
import type { Dice } from '../../test/fuzz/dice';
import type { LocalAws } from '../../test/local-aws';
import type { Call } from '../../test/local-aws/calls';
import type { Target } from './target';

/** What faults are made with. */
export interface FaultyWorld {
  readonly aws: LocalAws;
  readonly target: Target;
  readonly dice: Dice;
}

export interface SoakFault {
  readonly name: string;
  /** Which connections it has to end: those that are open, or those that are new. @default - none: all have to survive */
  readonly ends?: 'open' | 'new';
  /** It takes half a minute to be noticed: too long for a short soak. */
  readonly isSlow?: boolean;
  /** Returns when nothing is wrong any more, other than by what it did. */
  strike(world: FaultyWorld): Promise<void>;
}

const cutAfter = (prepare: (world: FaultyWorld) => void) => async (world: FaultyWorld): Promise<void> => {
  prepare(world);
  world.aws.gateway.cut(world.dice.pick(['abrupt', 'bye']));
};
const endAfter = (prepare: (world: FaultyWorld) => void) => async (world: FaultyWorld): Promise<void> => {
  prepare(world);
  endSessions(world.aws);
};

function endSessions(aws: LocalAws): void {
  for (const { id } of aws.sessions.open()) aws.gateway.terminate(id);
}

/** Everything that can be made to go wrong, one after the other. */
export const FAULTS: readonly SoakFault[] = [
  {
    name: 'messages lost, doubled and late',
    strike: async ({ aws: { gateway }, dice }) => {
      gateway.faults.setOdds({ drop: 0.005, duplicate: 0.02, reorder: 0.02 });
      await sleep(500 + dice.below(2_000));
      gateway.faults.setOdds({ drop: 0, duplicate: 0, reorder: 0 });
    },
  },
  {
    name: 'network slow',
    strike: async ({ aws: { gateway }, dice }) => {
      gateway.faults.delay = 20 + dice.below(80);
      await sleep(500 + dice.below(2_000));
      gateway.faults.delay = 1;
    },
  },
  { name: 'connection cut', strike: cutAfter(({ aws, dice }) => { aws.gateway.faults.whileAway = dice.pick(['lost', 'queued']); }) },
  {
    name: 'connection cut again and again',
    strike: async ({ aws: { gateway }, dice }) => {
      for (let cuts = 2 + dice.below(3); cuts > 0; cuts--) {
        gateway.cut(dice.pick(['abrupt', 'bye']));
        await sleep(dice.below(400));
      }
    },
  },
  {
    name: 'upgrades refused',
    strike: cutAfter(({ aws: { gateway }, dice }) => {
      gateway.faults.refuseUpgrades = 1 + dice.below(2);
      gateway.faults.refusalStatus = dice.pick([500, 502, 503]);
    }),
  },
  { name: 'ResumeSession throttled', strike: cutAfter(({ aws }) => aws.faults.throttle('ResumeSession', { times: 2 })) },
  { name: 'ResumeSession fails', strike: cutAfter(({ aws }) => aws.faults.fail('ResumeSession', { code: 'InternalServerError', status: 500, times: 2 })) },
  { name: 'answer of ResumeSession lost', strike: cutAfter(({ aws }) => aws.faults.loseAnswer('ResumeSession', { times: 1 })) },
  { name: 'ResumeSession slow', strike: cutAfter(({ aws }) => aws.faults.delay('ResumeSession', 400, { times: 1 })) },
  {
    name: 'AWS not to be reached',
    strike: async (world) => {
      world.aws.faults.dropConnection('*');
      world.aws.gateway.cut('abrupt');
      await sleep(300 + world.dice.below(700));
      world.aws.faults.clear('*');
    },
  },
  {
    name: 'publication paused',
    strike: async ({ aws, dice }) => {
      for (const { id } of aws.sessions.open()) {
        for (const to of ['agent', 'client'] as const) aws.gateway.announce(id, to, 'pause_publication');
      }
      await sleep(dice.below(300));
      for (const { id } of aws.sessions.open()) {
        for (const to of ['agent', 'client'] as const) aws.gateway.announce(id, to, 'start_publication');
      }
    },
  },
  {
    name: 'target refuses',
    ends: 'new',
    strike: async ({ target, dice }) => {
      target.refuse();
      await sleep(200 + dice.below(500));
      await target.open();
    },
  },
  { name: 'sessions ended by the service', ends: 'open', strike: endAfter(() => undefined) },
  { name: 'StartSession throttled', ends: 'open', strike: endAfter(({ aws }) => aws.faults.throttle('StartSession', { times: 1 })) },
  {
    name: 'answer of StartSession lost',
    ends: 'open',
    strike: endAfter(({ aws }) => {
      aws.faults.loseAnswer('StartSession', { times: 1 });
      // Nobody knows of that session; the service would end it when it had idled for long enough.
      const forget = (call: Call): void => {
        if (call.operation !== 'StartSession' || call.outcome !== 'lost') return;
        aws.calls.off('ended', forget);
        aws.gateway.terminate(aws.sessions.all().at(-1)!.id);
      };
      aws.calls.on('ended', forget);
    }),
  },
  {
    name: 'agent restarted',
    ends: 'open',
    strike: async ({ aws, dice }) => {
      const bastion = aws.instances.get();
      bastion.takeAgentOffline();
      await sleep(100 + dice.below(300));
      bastion.bringAgentOnline();
    },
  },
  {
    name: 'bastion stopped',
    ends: 'open',
    strike: async ({ aws }) => {
      const bastion = aws.instances.get();
      bastion.stop();
      await bastion.whenState('stopped');
    },
  },
  {
    name: 'a dial black-holed',
    ends: 'open',
    strike: async ({ aws, dice }) => {
      aws.gateway.faults.agent.blackHoles = 1;
      await sleep(500 + dice.below(500));
      aws.gateway.faults.agent.blackHoles = 0;
      endSessions(aws);
    },
  },
  { name: 'half-open connection', isSlow: true, strike: async ({ aws }) => aws.gateway.silence() },
  { name: 'agent that does not shake hands', ends: 'open', isSlow: true, strike: endAfter(({ aws }) => { aws.gateway.faults.agent.silentSessions = 1; }) },
];

/** Each has its turn before any has another. */
export class Turns {
  private left: SoakFault[] = [];

  constructor(private readonly faults: readonly SoakFault[], private readonly dice: Dice) {}

  next(): SoakFault {
    if (this.left.length === 0) this.left = [...this.faults];
    return this.left.splice(this.dice.below(this.left.length), 1)[0]!;
  }
}
