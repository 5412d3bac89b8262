import { randomUUID } from 'node:crypto';
import { arn, isSamePlace, type Place, upperId } from '../place';
import type { Secrets } from '../secrets';

/** A secret of Secrets Manager: a text or bytes. */
export interface StoredSecret extends Place {
  readonly arn: string;
  readonly name: string;
  readonly text?: string;
  readonly bytes?: Buffer;
  readonly versionId: string;
  readonly createdAt: Date;
  readonly isDeleted?: boolean;
}

export class StoredSecrets {
  readonly #secrets: StoredSecret[] = [];

  constructor(private readonly home: Place, private readonly made: Secrets) {}

  /** Writes one, or a new version of it. Its password, or all of it, is watched for like any secret. */
  put(name: string, value: string | Buffer, { place = this.home, secretArn }: { place?: Place; secretArn?: string } = {}): StoredSecret {
    const ours = secretArn ?? this.find(place, name)?.arn ?? arn(place, 'secretsmanager', `secret:${name}-${upperId(6, place, name)}`);
    this.delete(ours);
    const secret = {
      account: place.account,
      region: place.region,
      arn: ours,
      name,
      ...(typeof value === 'string' ? { text: value } : { bytes: value }),
      versionId: randomUUID(),
      createdAt: new Date(),
    };
    if (typeof value === 'string') this.made.keep(passwordIn(value));
    this.#secrets.push(secret);
    return secret;
  }

  /** A password as Secrets Manager generates one. */
  generate(): string {
    return this.made.make(24);
  }

  delete(secretArn: string): void {
    const at = this.#secrets.findIndex((secret) => secret.arn === secretArn);
    if (at >= 0) this.#secrets.splice(at, 1);
  }

  /** Marks one for deletion: it is there for some days more, and cannot be read. */
  markDeleted(secretArn: string): void {
    const at = this.#secrets.findIndex((secret) => secret.arn === secretArn);
    this.#secrets[at] = { ...this.#secrets[at]!, isDeleted: true };
  }

  in(place: Place): StoredSecret[] {
    return this.#secrets.filter((secret) => isSamePlace(secret, place));
  }

  /** By its name or ARN, with or without the six characters that AWS appends. */
  find(place: Place, id: string): StoredSecret | undefined {
    return this.in(place).find((secret) => [secret.name, secret.arn, secret.arn.slice(0, -7)].includes(id));
  }
}

function passwordIn(text: string): string {
  try {
    return (JSON.parse(text) as { password?: string }).password ?? text;
  } catch {
    return text;
  }
}
