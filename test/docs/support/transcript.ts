/** A command that a page shows, and what it prints there. */
export interface Step {
  readonly command: string;
  readonly printed: readonly string[];
}

/** Reads a block of `$ ` lines; a line that ends with a backslash goes on in the next one. */
export function readTranscript(text: string): Step[] {
  const steps: { command: string; printed: string[] }[] = [];
  for (const line of text.split('\n')) {
    const step = steps.at(-1);
    if (step && step.printed.length === 0 && step.command.endsWith('\\')) step.command += `\n${line}`;
    else if (line.startsWith('$ ')) steps.push({ command: line.slice(2), printed: [] });
    else if (step) step.printed.push(line);
    else if (line !== '') throw new Error(`"${line}" is printed by no command`);
  }
  for (const { printed } of steps) while (printed.at(-1) === '') printed.pop();
  return steps;
}

/** What differs from run to run, and what stands for it. Nobody counts the blanks of a table. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/\bi-[0-9a-f]{8,17}\b/g, '<instance>'],
  [/\b[\w.@-]+-[0-9a-f]{17}\b/g, '<session>'],
  [/\bcluster-[0-9a-z]{12}\b/g, 'cluster-<id>'],
  [/-(writer|reader)-[0-9a-f]{8}\b/g, '-$1-<hash>'],
  [/\bpid\b( +|": )\d+/g, 'pid <pid>'],
  [/\b\d+ +<time>/g, '<pid> <time>'],
  [/\b\d+(\.\d+)? (bytes|KiB|MiB|GiB)\b/g, '<bytes>'],
  [/\b\d+(\.\d+)? (ms|s)\b/g, '<duration>'],
  [/(127\.0\.0\.1|localhost):\d+/g, '$1:<port>'],
  [/  +/g, ' '],
];

/** A line without what differs from run to run. */
export function abstracted(line: string): string {
  return VARYING.reduce((text, [pattern, name]) => text.replace(pattern, name), line.trimEnd());
}

export const ANY_LINES = '...';

/** Whether a command printed what a page shows. `...` stands for any lines. */
export function isAsPrinted(shown: readonly string[], printed: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return printed.length === 0;
  if (first.trim() === ANY_LINES) return [...printed.keys(), printed.length].some((from) => isAsPrinted(rest, printed.slice(from)));
  return printed.length > 0 && abstracted(first) === abstracted(printed[0]!) && isAsPrinted(rest, printed.slice(1));
}
