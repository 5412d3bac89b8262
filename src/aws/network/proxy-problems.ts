import { Problem } from '../../problem';
import { printable, reasonOf } from '../../text';
import { PassingTrouble } from '../passing-trouble';
import type { Proxy } from './proxies';

const except = ({ variable }: Proxy): string => `if AWS is reached without a proxy: export NO_PROXY=amazonaws.com, or unset ${variable}`;

/** What to do about a proxy that says no. */
const REFUSALS: Readonly<Record<number, (proxy: Proxy) => string>> = {
  407: ({ variable, address, authorization }) => (authorization === undefined
    ? `it wants a user and a password: export ${variable}=http://user:password@${address}`
    : `check the user and the password in ${variable}; what is no letter or digit is written as %40`),
  403: (proxy) => `ask whoever runs it to let through to *.amazonaws.com:443; ${except(proxy)}`,
};
/** It could not reach the other side, or has too much to do. */
const PASSING: readonly number[] = [429, 500, 502, 503, 504];

/** A proxy that is down, or does not answer. */
export class ProxySilent extends PassingTrouble {
  /** Has the SDK try again. */
  readonly $retryable = {};

  constructor(proxy: Proxy, path: string, cause: Error) {
    super('SESSION_FAILED', `the proxy ${proxy.address} gives no way to ${path}: ${reasonOf(cause)}`, {
      next: `check that it is there, and ${proxy.variable}; ${except(proxy)}`, cause,
    });
  }
}

/** A proxy that answered, and not with a yes. What else it says is nobody's business: many repeat what they were sent. */
export class ProxyRefused extends Problem {
  /** Trouble that passes has the name that other bundles tell it by. */
  readonly name: string;

  constructor(proxy: Proxy, path: string, status: number, statusMessage: string | undefined) {
    super('SESSION_FAILED', `the proxy ${proxy.address} gives no way to ${path}: it said ${`${status} ${printable(statusMessage)}`.trim()}`, {
      next: (REFUSALS[status] ?? except)(proxy),
    });
    this.name = PASSING.includes(status) ? 'PassingTrouble' : 'ProxyRefused';
  }
}
