import type { OpenedTunnel } from '../tunnel';
import type { Call } from './command';
import { endpointOf } from './endpoint';
import { type Failure, failureOf, printError } from './errors';
import { Events } from './events';
import { holdOpen } from './hold-open';
import { beforeCommand } from './named';
import { closeOpened, openTelling, remarkOpen } from './opening';
import { shownOf } from './shown';
import { interruptible } from './signals';

/** What became of one of several. */
type Outcome = { readonly call: Call; readonly tunnel: OpenedTunnel; readonly shown: object } | { readonly call: Call; readonly error: unknown };

/**
 * Opens several tunnels side by side, and says of each in the order typed what became of it. One that fails does not keep the others from being open.
 * @returns 0, or the exit code of the first that failed
 */
export async function openSeveral(call: Call): Promise<number> {
  return interruptible(async (signal) => {
    const openings = call.several.map(async (each) => open(each, signal));
    const exits: number[] = [];
    for (const opening of openings) exits.push(say(await opening, signal, call));
    const outcomes = await Promise.all(openings);
    const opened = outcomes.flatMap((outcome) => ('tunnel' in outcome ? [outcome] : []));
    if (call.flags.json && !call.output.isJsonLines) call.output.result('', outcomes.map(jsonOf));
    if (signal.aborted) await Promise.all(opened.map(async ({ call: each, tunnel }) => closeOpened(each, tunnel)));
    else if (call.flags.foreground) exits.push(...await Promise.all(opened.map(async ({ call: each, tunnel }) => hold(each, tunnel, signal))));
    return exits.find((exit) => exit !== 0) ?? 0;
  });
}

async function open(call: Call, signal: AbortSignal): Promise<Outcome> {
  try {
    const tunnel = await openTelling(call, signal);
    return { call, tunnel, shown: await shownOf(tunnel, call, signal) };
  } catch (error) {
    return { call, error };
  }
}

function say(outcome: Outcome, { aborted }: AbortSignal, { several, output, flags }: Call): number {
  const { call } = outcome;
  if (aborted) return 0;
  if ('tunnel' in outcome) {
    if (output.isJsonLines) Events.of(outcome.tunnel, output).ready(outcome.shown);
    else if (!flags.json) output.result(`${call.name}  ${endpointOf(outcome.tunnel)}`, undefined);
    remarkOpen(call, outcome.tunnel);
    return 0;
  }
  if (flags.json && !output.isJsonLines) return failureOf(outcome.error).exit;
  const exit = printError(outcome.error, output);
  const isCommandPerhaps = call !== several[0] && failureOf(outcome.error).code === 'NOT_FOUND';
  if (isCommandPerhaps) output.remark(beforeCommand(several.map(({ name }) => name!)));
  return exit;
}

function jsonOf(outcome: Outcome): object {
  if ('tunnel' in outcome) return outcome.shown;
  const { code, exit, message, next }: Failure = failureOf(outcome.error);
  return { name: outcome.call.name, error: { code, exit, message, next } };
}

/** @returns the exit code of one that ended by itself */
async function hold(call: Call, tunnel: OpenedTunnel, signal: AbortSignal): Promise<number> {
  try {
    await holdOpen(call, tunnel, signal);
    return 0;
  } catch (error) {
    return printError(error, call.output);
  }
}
