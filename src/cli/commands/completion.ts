import { Problem } from '../../problem';
import { type Command, COMMON_FLAGS } from '../command';
import { candidatesFor } from '../completion/candidates';
import { namesWithin } from '../completion/names';
import { SCRIPTS, type Shell, shellOf, SHELLS } from '../completion/scripts';

/** @param commands all of them, this one among them */
export function completionOf(commands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    synopsis: '[shell]',
    summary: 'Print the completion of words for bash, zsh or fish',
    choices: SHELLS,
    afterDashes: 'arguments',
    flags: ['region', 'profile', 'prefix', ...COMMON_FLAGS],
    async run(call) {
      // What a script asks at each press of the Tab key: the words so far, the last one being typed.
      if (call.childCommand) {
        const candidates = await candidatesFor(call.childCommand, commands(), namesWithin(call));
        call.output.result(candidates.map(({ word, summary }) => `${word}\t${summary ?? ''}`).join('\n'), candidates);
        return 0;
      }
      call.output.result(SCRIPTS[shellToComplete(call.name, call.environment.SHELL)].trimEnd(), SCRIPTS);
      return 0;
    },
  };
}

function shellToComplete(named: string | undefined, path: string | undefined): Shell {
  const shell = SHELLS.find((each) => each === named) ?? (named === undefined ? shellOf(path) : undefined);
  if (shell) return shell;
  throw new Problem('USAGE', `there is no completion for ${named ?? path ?? 'a shell that is not known'}`, { next: `connect completion ${SHELLS.join('|')}` });
}
