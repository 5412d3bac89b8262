import { exchange } from './exchange';
import type { Attempt } from './or-tls';

export interface LineQuestion {
  readonly say: string;
  /** How a line of the language starts. */
  readonly language: RegExp;
  /** How a line starts that is an answer of one that is ready. */
  readonly answer: RegExp;
}

/** Says a line, and judges the one that comes back. */
export function askLine({ say, language, answer }: LineQuestion): Attempt {
  return async (target) => {
    let isUnderstood = false;
    const isReady = await exchange({
      ...target,
      say: Buffer.from(`${say}\r\n`),
      reply(bytes) {
        const text = bytes.toString('latin1');
        if (!text.includes('\r\n')) return undefined;
        isUnderstood = language.test(text);
        return { verdict: answer.test(text) };
      },
    });
    return isUnderstood ? isReady : undefined;
  };
}
