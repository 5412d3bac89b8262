/**
 * What came from elsewhere (a service, a database, a file) must not steer a terminal or forge a line of a log. Imports nothing.
 */
const MAX_LENGTH = 500;

/** A text as one line, bounded, without control and formatting characters; nothing where it is no text. */
export function printable(text: unknown, maxLength: number = MAX_LENGTH): string {
  if (typeof text !== 'string') return '';
  return text.slice(0, maxLength).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** The same for a text that may be long, and have several lines. */
export function printableLines(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '');
}

/** What was thrown, as a line. Node's error for a host none of whose addresses answers has a code and no message. */
export function reasonOf(error: unknown): string {
  return printable(error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code || error.name : String(error));
}

/** A number of things, in words. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What happened and, where something can be done about it, what to do: as a line. */
export function withAdvice(what: string, advice: string | undefined): string {
  return advice ? `${what}; ${advice}` : what;
}
