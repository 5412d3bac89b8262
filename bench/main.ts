import { Interruption } from '../test/support/interruption';
import { isInstalled } from '../test/support/optional-tools';
import { shortcomings, wrongCeilings } from './judge';
import { type Options, readOptions, USAGE } from './options';
import { inJson, inWords, machine } from './report';
import { Run } from './run';
import { Stage } from './support/stage';

const OFFICIAL_PROGRAMS = ['aws', 'session-manager-plugin'];
const USAGE_ERROR = 2;

async function bench({ check, json, ...options }: Options, interrupted: AbortSignal): Promise<number> {
  const hasOfficial = OFFICIAL_PROGRAMS.every(isInstalled);
  if (!hasOfficial) say(`the official client is left out: ${OFFICIAL_PROGRAMS.join(' and ')} are not both installed`);
  say(Object.entries(machine()).map(([name, value]) => `${name}: ${value}`).join(', '));
  const stage = await Stage.build(interrupted);
  try {
    await stage.tunnels.warmUp();
    const outcome = await new Run(stage, { ...options, subjects: hasOfficial ? ['ours', 'official'] : ['ours'], interrupted, say }).toTheEnd();
    process.stdout.write(`${json ? JSON.stringify(inJson(outcome), undefined, 2) : inWords(outcome)}\n`);
    const isWrong = outcome.failures.length > 0 || wrongCeilings(outcome.results).length > 0;
    return isWrong || (check && shortcomings(outcome.results).length > 0) ? 1 : 0;
  } finally {
    await stage.clear();
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function understood(args: readonly string[]): Options | undefined {
  try {
    return readOptions(args);
  } catch (error) {
    say(`${(error as Error).message}\n\n${USAGE}`);
    return undefined;
  }
}

async function main(args: readonly string[]): Promise<number> {
  const options = understood(args);
  if (options === undefined) return USAGE_ERROR;
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const interruption = new Interruption();
  try {
    return await bench(options, interruption.signal);
  } catch (error) {
    if (!interruption.signal.aborted) say(error instanceof Error ? error.stack! : String(error));
    return interruption.code ?? 1;
  }
}

void main(process.argv.slice(2)).then((exit) => {
  process.exitCode = exit;
});
