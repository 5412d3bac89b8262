import search from '@inquirer/search';
import { Problem } from '../problem';

export interface Choice {
  /** What is asked for. */
  readonly value: string;
  /** What the person sees of it, and searches in. */
  readonly label: string;
}

export interface PickerOptions {
  readonly message: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  readonly colours: boolean;
}

const plain = (text: string): string => text;
const PLAIN = {
  prefix: { idle: '?', done: '?' },
  spinner: { frames: ['?'], interval: 1000 },
  style: { message: plain, answer: plain, highlight: plain, error: plain, description: plain, searchTerm: plain, keysHelpTip: (keys: [string, string][]): string => keys.map((key) => key.join(' ')).join(', ') },
};
/** What leaves a list without a choice, beside Ctrl-C: escape, and the end of the input. */
const GIVES_UP = ({ name, ctrl }: { name?: string; ctrl?: boolean }): boolean => name === 'escape' || (ctrl === true && name === 'd');

/**
 * Lets the person choose, by arrow keys or by typing a part of it. Drawn on stderr, since stdout is for the result.
 * @throws Problem INTERRUPTED where the person does not choose; the signal's reason
 */
export async function pick(choices: readonly Choice[], { message, signal, colours }: PickerOptions): Promise<string> {
  const { stdin, stderr } = process;
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  const onKey = (_: unknown, key: { name?: string; ctrl?: boolean } = {}): void => { if (GIVES_UP(key)) leave(); };
  stdin.on('keypress', onKey).once('end', leave).once('error', leave);
  try {
    return await search<string>({
      message,
      pageSize: Math.min(10, Math.max(3, (stderr.rows || 24) - 5)),
      source: (term = '') => choices.filter(({ label }) => label.toLowerCase().includes(term.toLowerCase())).map(({ value, label }) => ({ value, name: label, short: value })),
      ...(!colours && { theme: PLAIN }),
    }, { input: stdin, output: stderr, clearPromptOnDone: true, signal: AbortSignal.any([signal, leaving.signal]) });
  } catch (cause) {
    signal.throwIfAborted();
    throw new Problem('INTERRUPTED', 'no target was chosen', { next: 'connect <target>', cause });
  } finally {
    stdin.removeListener('keypress', onKey).removeListener('end', leave).removeListener('error', leave);
    stdin.pause();
  }
}
