import { DEFAULT_PREFIX } from '../../descriptor';
import { printable } from '../../text';
import type { Diagnosis, LayerReport } from '../../tunnel';
import { type Call, type Command, COMMON_FLAGS } from '../command';
import { printStacks } from '../errors';
import type { Colour, Output } from '../output';
import { timeoutOf, tunnelRequest } from '../request';
import { interruptible } from '../signals';
import { VERSION } from '../version';

/** How what was found is said, and in which colour. */
const WORDS: Readonly<Record<LayerReport['status'], readonly [word: string, colour: Colour]>> = {
  ok: ['ok', 'good'],
  remark: ['remark', 'doubtful'],
  skipped: ['skipped', 'faint'],
  failed: ['failed', 'bad'],
  unreached: ['-', 'faint'],
};
const WORD_WIDTH = 'skipped'.length;
const LAYER_WIDTH = 'credentials'.length;

export const doctor: Command = {
  name: 'doctor',
  synopsis: '[target]',
  summary: 'Walk from here to a database, layer by layer, and say what is wrong',
  flags: ['role', 'region', 'profile', 'bastion', 'cluster', 'prefix', 'timeout', 'start', 'reason', ...COMMON_FLAGS],
  async run(call) {
    const { flags, output, context } = call;
    const target = isAboutTarget(call) ? tunnelRequest(call) : undefined;
    const { examineTarget } = await call.loadTunnels();
    const diagnosis = await interruptible(async (signal) => examineTarget({
      target,
      prefix: flags.prefix ?? DEFAULT_PREFIX,
      start: flags.start ?? false,
      timeout: timeoutOf(flags),
      version: VERSION,
      onReport: (report) => print(report, output),
    }, { ...context, signal }));
    return conclude(diagnosis, output);
  },
};

function isAboutTarget({ target, flags: { cluster, bastion } }: Call): boolean {
  return (target ?? cluster ?? bastion) !== undefined;
}

function print({ layer, status, message, next }: LayerReport, output: Output): void {
  if (output.modes.json) return;
  const [word, colour] = WORDS[status];
  const gap = ' '.repeat(WORD_WIDTH - word.length);
  output.resultLine(word, colour, `${gap}  ${layer.padEnd(LAYER_WIDTH)}  ${printable(message)}`.trimEnd());
  if (next !== undefined) output.resultLine('', colour, `${' '.repeat(WORD_WIDTH)}  ${'next:'.padEnd(LAYER_WIDTH)}  ${printable(next)}`);
}

function conclude({ problem, ...diagnosis }: Diagnosis, output: Output): number {
  if (output.modes.json) output.result('', diagnosis);
  if (problem) printStacks(problem, output);
  return problem?.exit ?? 0;
}
