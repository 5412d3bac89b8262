import { randomBytes } from 'node:crypto';
import { partitionOf, type Place, upperId } from './place';
import type { Secrets } from './secrets';

export interface IssuedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Who makes a call, and to which region. */
export interface Caller extends Place {
  readonly arn: string;
  readonly userId: string;
  /** Of the assumed role's session. Sessions on instances are named after it. */
  readonly sessionName: string;
}

interface Entry extends IssuedCredentials {
  readonly account: string;
  readonly sessionName: string;
  isExpired: boolean;
}

const ROLE = 'Developer';

/** The temporary credentials of people who assumed a role, as IAM Identity Center gives them out. */
export class Credentials {
  readonly #entries: Entry[] = [];

  constructor(private readonly secrets: Secrets) {}

  issue(account: string, sessionName = 'alice'): IssuedCredentials {
    const entry: Entry = {
      accessKeyId: `ASIA${upperId(16, randomBytes(16).toString('hex'))}`,
      secretAccessKey: this.secrets.make(30),
      sessionToken: this.secrets.make(120),
      account,
      sessionName,
      isExpired: false,
    };
    this.#entries.push(entry);
    return entry;
  }

  /** Expires one key; all of them unless one is named. */
  expire(accessKeyId?: string): void {
    this.#mark(accessKeyId, true);
  }

  /** Takes back what `expire` did. */
  renew(accessKeyId?: string): void {
    this.#mark(accessKeyId, false);
  }

  find(accessKeyId: string): Readonly<Entry> | undefined {
    return this.#entries.find((entry) => entry.accessKeyId === accessKeyId);
  }

  #mark(accessKeyId: string | undefined, isExpired: boolean): void {
    for (const entry of this.#entries) if (accessKeyId === undefined || entry.accessKeyId === accessKeyId) entry.isExpired = isExpired;
  }
}

export function callerOf({ account, sessionName }: Pick<Entry, 'account' | 'sessionName'>, region: string): Caller {
  return {
    account,
    region,
    sessionName,
    arn: `arn:${partitionOf(region)}:sts::${account}:assumed-role/${ROLE}/${sessionName}`,
    userId: `AROA${upperId(17, account, ROLE)}:${sessionName}`,
  };
}
