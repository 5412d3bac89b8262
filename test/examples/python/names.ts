/** What a Python package offers, or a program asks of it: the names of arguments by the name of what is called, such as `TunnelSource.cluster`. */
export type Calls = Map<string, Set<string>>;

/** Every class and method of a generated package. `TunnelBastion` is its constructor. */
export function offeredBy(generated: string): Calls {
  const calls: Calls = new Map();
  for (const [, className, body] of generated.matchAll(/^class (\w+)\([^:]*?\):\n((?:[ \t].*\n|\n)*)/gm)) {
    for (const [, method, signature] of body!.matchAll(/^ {4}def (\w+)\(([^]*?)\) ->/gm)) {
      const names = [...signature!.matchAll(/(?:^|[\s,])(\w+)(?=:|,|$)/g)].map(([, name]) => name!);
      calls.set(method === '__init__' ? className! : `${className}.${method}`, new Set(names));
    }
  }
  return calls;
}

/** Every call of what a program imports from a package, on its classes and on what it made of them. */
export function askedFor(program: string, packageName: string): Calls {
  const code = program.replace(/"""[^]*?"""|#.*/g, '').replace(/"[^"\n]*"/g, '""');
  const [, imported = ''] = new RegExp(`^from ${packageName} import (.+)$`, 'm').exec(code) ?? [];
  const classes = imported.split(',').map((name) => name.trim());
  const made = [...code.matchAll(new RegExp(`(\\w+) = (${classes.join('|')})\\(`, 'g'))].map(([, variable, className]) => [variable!, className!]);
  const classOf = new Map([...classes.map((name) => [name, name] as const), ...made as [string, string][]]);

  const calls: Calls = new Map(classes.map((name) => [name, new Set()]));
  for (const { 1: subject, 2: method, index, 0: text } of code.matchAll(/\b(\w+)(\.\w+)?\(/g)) {
    if (!classOf.has(subject!)) continue;
    const called = classOf.get(subject!)! + (method ?? '');
    calls.set(called, new Set([...calls.get(called) ?? [], ...keywordsOf(code, index + text.length)]));
  }
  return calls;
}

/** The names of the arguments of a call, and not of the calls within it. */
function keywordsOf(code: string, start: number): string[] {
  let [depth, end, own] = [1, start, ''];
  for (; depth > 0; end++) {
    const character = code[end]!;
    if (')]}'.includes(character)) depth--;
    if (depth === 1) own += character;
    if ('([{'.includes(character)) depth++;
  }
  return [...own.matchAll(/(\w+)=/g)].map(([, name]) => name!);
}
