import { setTimeout as sleep } from 'node:timers/promises';
import { type Postgres, startPostgres } from '../../support/postgres';
import { World, type WorldOptions } from './world';

/** One real database for all scenarios of a file. */
let postgres: Postgres;
beforeAll(async () => { postgres = await startPostgres(); });
afterAll(async () => { await postgres?.stop(); });

const TIMEOUT_MS = 30_000;
/** What taking down a world may take beyond the body's time. */
const ENDING_MS = 10_000;

export interface ScenarioOptions extends WorldOptions {
  /** Milliseconds for the body. */
  readonly timeout?: number;
  /** @default - `test`; `testWith(program)` for what needs a program */
  readonly run?: typeof test;
}

/**
 * A test in a world of its own. It fails, whatever it checked, when it leaves anything behind, or when a secret showed up:
 * nothing is closed on its behalf.
 */
export function scenario(name: string, body: (world: World) => Promise<void>, options: ScenarioOptions = {}): void {
  const { timeout = TIMEOUT_MS, run = test } = options;
  run(name, async () => {
    const world = await World.create(postgres, options);
    const failure = await Promise.race([body(world), tooLate(timeout)]).then(() => undefined, (error: unknown) => ({ error }));
    const wrong = await world.end();
    if (failure) throw failure.error;
    expect(wrong).toEqual([]);
  }, timeout + ENDING_MS);
}

/** The body's own time limit: past the test's, nobody would take down the world. */
async function tooLate(milliseconds: number): Promise<never> {
  await sleep(milliseconds, undefined, { ref: false });
  throw new Error(`the scenario was not over after ${milliseconds / 1000} s`);
}
