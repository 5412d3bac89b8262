import { explainBadName } from '../descriptor';
import { Problem } from '../problem';

/** A target as it was typed: `cache`, or `cache=16379` with its local port. */
export interface Named {
  readonly typed: string;
  readonly name: string;
  readonly port?: string;
}

/** @throws Problem (USAGE) for what can be no name */
export function nameOnly(typed: string): Named {
  refuseBadName(typed);
  return { typed, name: typed };
}

/** @throws Problem (USAGE) likewise */
function nameAndPort(typed: string): Named {
  const [, name, port] = /^([^=]*)=(.*)$/s.exec(typed) ?? [];
  return name === undefined ? nameOnly(typed) : { ...nameOnly(name), typed, port };
}

function refuseBadName(name: string): void {
  const why = explainBadName(name);
  if (why) throw new Problem('USAGE', `"${name}" cannot be a target's name: ${why}`, { next: '`connect targets` lists the targets there are' });
}

/** Any number of targets. What can be none, behind one that can, is of a command that has lost its `--`. @throws Problem (USAGE) likewise */
export function severalNamed(typed: readonly string[]): readonly Named[] {
  return typed.map((each, at) => {
    try {
      return nameAndPort(each);
    } catch (error) {
      throw at === 0 ? error : new Problem('USAGE', `unexpected argument "${each}"`, { next: beforeCommand(typed), cause: error });
    }
  });
}

/** What to type who wanted to run a command. */
export function beforeCommand([target, ...command]: readonly string[]): string {
  return `to run a command through the tunnel, put -- before it: connect ${target} -- ${command.join(' ')}`;
}
