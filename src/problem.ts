/**
 * Everything that can go wrong for a person, and the exit code that says so. Imports nothing.
 */
export const EXIT_CODES = {
  UNEXPECTED: 1,
  USAGE: 2,
  NOT_FOUND: 3,
  PORT_TAKEN: 4,
  BASTION_DOWN: 5,
  SESSION_FAILED: 6,
  DATABASE_SILENT: 7,
  CREDENTIALS: 8,
  TUNNEL_CLOSED: 9,
  HUNG_UP: 129,
  INTERRUPTED: 130,
  TERMINATED: 143,
} as const;

export type ProblemCode = keyof typeof EXIT_CODES;

export interface ProblemDetails {
  /** The next command to type, or the next thing to do. */
  readonly next?: string;
  readonly cause?: unknown;
}

/** Each bundle has its own copy of this class, so what makes a problem one is a mark and not the class. */
const MARK = Symbol.for('tunnelable-rds-cluster/problem');

/** An error that a person can act on: what happened and what was got (the message), and what to type next. */
export class Problem extends Error {
  static is(value: unknown): value is Problem {
    return typeof value === 'object' && value !== null && MARK in value;
  }

  static fromJSON(json: { code: ProblemCode; message: string; next?: string }): Problem {
    return new Problem(json.code, json.message, { next: json.next });
  }

  /** Told apart by name where a caller acts on one problem in particular: `BastionNotConnected`, `HandshakeTimeout`. */
  readonly name: string = 'Problem';
  readonly next?: string;
  readonly [MARK] = true;

  constructor(readonly code: ProblemCode, message: string, details: ProblemDetails = {}) {
    super(message, { cause: details.cause });
    this.next = details.next;
  }

  get exit(): number {
    return EXIT_CODES[this.code];
  }

  /** The form that crosses a process boundary: neither the cause nor the stack, which may hold more than a person should see. */
  toJSON(): { code: ProblemCode; exit: number; message: string; next?: string } {
    return { code: this.code, exit: this.exit, message: this.message, next: this.next };
  }
}
