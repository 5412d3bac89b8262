const WIDTH = 80;

/** Help as yargs writes it, without what each flag is to a parser, and folded to the width of a terminal. */
export function layOut(help: string): string {
  return help.split('\n').map((line) => folded(line.replace(/ {2}\[(?:string|boolean|default)\]$/, ''))).join('\n');
}

/** The second column stays a column. */
function folded(line: string): string {
  const indent = ' '.repeat(/^ +\S.*? {2,}(?=\S)/.exec(line)?.[0].length ?? 0);
  const lines = [];
  let rest = line;
  while (rest.length > WIDTH) {
    const at = rest.lastIndexOf(' ', WIDTH);
    if (at <= indent.length) break;
    lines.push(rest.slice(0, at));
    rest = indent + rest.slice(at + 1);
  }
  return [...lines, rest].join('\n');
}
