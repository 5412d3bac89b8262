import { EventEmitter, once } from 'node:events';
import type { Input } from './protocols/protocol';
import type { ServiceName } from './refusals';

export interface Call {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: Input;
  readonly at: Date;
  /** Where it went; undefined while it is not known who makes it. */
  account?: string;
  region?: string;
  /** A lost call was cut off without an answer, whether or not it was carried out. */
  outcome: 'pending' | 'succeeded' | 'failed' | 'lost';
  errorCode?: string;
}

/** Every call that reached us, in order. `received` comes before it is looked at, `ended` after. */
export class Calls extends EventEmitter<{ received: [Call]; ended: [Call] }> {
  readonly #calls: Call[] = [];

  begin(call: Pick<Call, 'service' | 'operation' | 'input'>): Call {
    const begun: Call = { ...call, at: new Date(), outcome: 'pending' };
    this.#calls.push(begun);
    this.emit('received', begun);
    return begun;
  }

  end(call: Call, outcome: Call['outcome'], errorCode?: string): void {
    call.outcome = outcome;
    call.errorCode = errorCode;
    this.emit('ended', call);
  }

  all(): readonly Call[] {
    return this.#calls;
  }

  of(operation: string): Call[] {
    return this.#calls.filter((call) => call.operation === operation);
  }

  succeeded(operation: string): Call[] {
    return this.of(operation).filter((call) => call.outcome === 'succeeded');
  }

  failed(operation: string): Call[] {
    return this.of(operation).filter((call) => call.outcome === 'failed');
  }

  /** Forgets all, so that a test can count from here. */
  clear(): void {
    this.#calls.length = 0;
  }

  /** The next call of an operation, as soon as it is received. */
  async next(operation: string): Promise<Call> {
    for (;;) {
      const [call] = await once(this, 'received') as [Call];
      if (call.operation === operation) return call;
    }
  }
}
