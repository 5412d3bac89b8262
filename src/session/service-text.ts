const MAX_LENGTH = 500;

/** What the service or the agent says, fit for a terminal or a log: one line, bounded, without control or formatting characters. */
export function printable(text: unknown): string {
  if (typeof text !== 'string') return '';
  return text.slice(0, MAX_LENGTH).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** The text of anything that was thrown, equally fit. */
export function reasonOf(error: unknown): string {
  return printable(error instanceof Error ? error.message || error.name : String(error));
}
