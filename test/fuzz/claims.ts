import assert from 'node:assert/strict';

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const LONGEST = 500;
/** An error of ours that says more than this shows somebody else's words. */
const LONGEST_MESSAGE = 1_000;

/** A text that is fit for a terminal and for a line of a log. */
export function isFitForALog(text: string, longest = LONGEST): void {
  assert.ok(!UNPRINTABLE.test(text), `not printable: ${JSON.stringify(text)}`);
  assert.ok(text.length <= longest, `${text.length} characters, at most ${longest} are fit for a log`);
}

/** What is thrown must not carry the input with it. */
export function throwsBriefly<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    assert.ok(error instanceof Error && error.message.length <= LONGEST_MESSAGE, `a message of ${(error as Error).message.length} characters`);
    throw error;
  }
}

/** Does not hold where a mistake of ours surfaces as the reason of an end. */
export function isNoMistake(reason: string): void {
  assert.doesNotMatch(reason, /is not a function|is not iterable|Cannot (read|set|convert)|is not defined|Invalid array length|out of range|call stack/);
}
