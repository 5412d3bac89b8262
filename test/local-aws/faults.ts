/** How often a fault strikes. */
export interface Occurrence {
  /** @default - until it is cleared */
  readonly times?: number;
  /** Calls that pass before it strikes. @default 0 */
  readonly skip?: number;
}

export interface ErrorFault {
  readonly code: string;
  readonly message?: string;
  readonly status?: number;
}

export type Fault =
  | ({ readonly kind: 'error' } & ErrorFault)
  | { readonly kind: 'refusal'; readonly refusal: 'denied' | 'throttled' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection is cut before the call is carried out. */
  | { readonly kind: 'drop' }
  /** The call is carried out, then the connection is cut. */
  | { readonly kind: 'loseAnswer' };

interface Rule { readonly operation: string; readonly fault: Fault; skip: number; left: number }

export const EVERY_OPERATION = '*';

/** What goes wrong on demand, by operation; `*` stands for all operations. */
export class Faults {
  #rules: Rule[] = [];

  fail(operation: string, { times, skip, ...error }: ErrorFault & Occurrence): void {
    this.#add(operation, { kind: 'error', ...error }, { times, skip });
  }

  /** The caller's policies do not allow it: each service has its own code for that. */
  deny(operation: string, occurrence?: Occurrence): void {
    this.#add(operation, { kind: 'refusal', refusal: 'denied' }, occurrence);
  }

  throttle(operation: string, occurrence?: Occurrence): void {
    this.#add(operation, { kind: 'refusal', refusal: 'throttled' }, occurrence);
  }

  delay(operation: string, ms: number, occurrence?: Occurrence): void {
    this.#add(operation, { kind: 'delay', ms }, occurrence);
  }

  dropConnection(operation: string, occurrence?: Occurrence): void {
    this.#add(operation, { kind: 'drop' }, occurrence);
  }

  loseAnswer(operation: string, occurrence?: Occurrence): void {
    this.#add(operation, { kind: 'loseAnswer' }, occurrence);
  }

  clear(operation?: string): void {
    this.#rules = operation === undefined ? [] : this.#rules.filter((rule) => rule.operation !== operation);
  }

  /** What strikes this call. To ask is to count the call. */
  strike(operation: string): Fault[] {
    const striking: Fault[] = [];
    for (const rule of this.#rules.filter((each) => each.operation === operation || each.operation === EVERY_OPERATION)) {
      if (rule.skip > 0) {
        rule.skip -= 1;
      } else if (rule.left > 0) {
        rule.left -= 1;
        striking.push(rule.fault);
      }
    }
    return striking;
  }

  #add(operation: string, fault: Fault, { times = Infinity, skip = 0 }: Occurrence = {}): void {
    this.#rules.push({ operation, fault, skip, left: times });
  }
}
