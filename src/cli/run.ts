import { EXIT_CODES, Problem } from '../problem';
import { callOf, isAskable } from './calls';
import { printError } from './errors';
import { type FlagName, variableOf } from './flags';
import { CONCISE_HELP } from './help/texts';
import type { Environment, Host } from './host';
import { Output } from './output';
import { VERSION } from './version';

/** What need not wait for all commands to be loaded. */
const ANSWERS = new Map<string, (host: Host) => string | undefined>([
  ['--version', () => VERSION],
  ['--help', ({ help }) => help?.()],
  ['-h', ({ help }) => help?.()],
]);

/**
 * Does what a command line says.
 * @returns the exit code, once all that was printed is written
 */
export async function run(args: readonly string[], host: Host): Promise<number> {
  const output = new Output(host, {
    json: isOn('json', args, host.environment), quiet: isOn('quiet', args, host.environment), verbose: isOn('verbose', args, host.environment),
  });
  const exit = await runCommand(args, host, output);
  const arrived = await output.flush();
  return arrived || exit !== 0 ? exit : EXIT_CODES.UNEXPECTED;
}

async function runCommand(args: readonly string[], host: Host, output: Output): Promise<number> {
  if (args.length === 0 && !isAskable(host, output)) {
    output.failure([CONCISE_HELP]);
    return EXIT_CODES.USAGE;
  }
  const known = args.length === 1 ? ANSWERS.get(args[0]!)?.(host) : undefined;
  if (known !== undefined) {
    host.stdout.write(`${known}\n`);
    return 0;
  }
  try {
    refuseMissingFolder();
    const { parse } = await import('./parse');
    const typed = await parse(args);
    if (typeof typed === 'string') {
      host.stdout.write(`${typed}\n`);
      return 0;
    }
    return await typed.command.run(callOf(typed, host, output));
  } catch (error) {
    return printError(error, output);
  } finally {
    output.end();
  }
}

function refuseMissingFolder(): void {
  try {
    process.cwd();
  } catch (cause) {
    throw new Problem('UNEXPECTED', 'the working directory does not exist any more', { next: 'cd to one that does, and type the same again', cause });
  }
}

/** How to print has to be known before the command line is, which may be wrong. */
function isOn(name: FlagName, args: readonly string[], environment: Environment): boolean {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  return own.includes(`--${name}`) || ['1', 'true'].includes(environment[variableOf(name)] ?? '');
}
