import { isSamePlace, type Place } from '../place';
import { checkDocument } from './document-check';
import { REMOTE_HOST_DOCUMENT, type SessionDocument } from './session-document';

interface StoredDocument extends Place {
  readonly name: string;
  /** The last one is the default. */
  readonly versions: SessionDocument[];
  /** @default Active */
  status?: DocumentStatus;
}

export type DocumentStatus = 'Creating' | 'Active' | 'Updating' | 'Deleting' | 'Failed';

export interface DescribedDocument {
  readonly name: string;
  /** The last one is the default. */
  readonly versions: readonly SessionDocument[];
  readonly status: DocumentStatus;
}

/** Those that AWS owns are everywhere. */
const AWS_OWNED = new Map([['AWS-StartPortForwardingSessionToRemoteHost', REMOTE_HOST_DOCUMENT]]);

export class Documents {
  readonly #documents: StoredDocument[] = [];

  constructor(private readonly home: Place) {}

  /**
   * Makes one, or a new version of it, which is the default for all sessions to come.
   * @throws AwsError when it is no session document
   */
  put(name: string, content: SessionDocument, place: Place = this.home): void {
    checkDocument(name, content);
    const stored = this.#find(name, place);
    if (stored === undefined) this.#documents.push({ account: place.account, region: place.region, name, versions: [content] });
    else if (JSON.stringify(stored.versions.at(-1)) !== JSON.stringify(content)) stored.versions.push(content);
  }

  delete(name: string, place: Place = this.home): void {
    const stored = this.#find(name, place);
    if (stored !== undefined) this.#documents.splice(this.#documents.indexOf(stored), 1);
  }

  /** The default version of one, by its name or by its ARN. */
  find(place: Place, nameOrArn: string): SessionDocument | undefined {
    const name = nameOrArn.replace(/^arn:.*:document\//, '');
    return AWS_OWNED.get(name) ?? this.#find(name, place)?.versions.at(-1);
  }

  /** What is known of one: all its versions, and whether it can be used. */
  describe(place: Place, nameOrArn: string): DescribedDocument | undefined {
    const name = nameOrArn.replace(/^arn:.*:document\//, '');
    const owned = AWS_OWNED.get(name);
    if (owned !== undefined) return { name, versions: [owned], status: 'Active' };
    const stored = this.#find(name, place);
    return stored && { name, versions: stored.versions, status: stored.status ?? 'Active' };
  }

  /** Puts one into a state in which it stays. @throws Error when there is none */
  force(name: string, status: DocumentStatus, place: Place = this.home): void {
    const stored = this.#find(name, place);
    if (stored === undefined) throw new Error(`there is no document ${name}`);
    stored.status = status;
  }

  /** How many versions there are of one; 0 of none. */
  versionsOf(name: string, place: Place = this.home): number {
    return this.#find(name, place)?.versions.length ?? 0;
  }

  #find(name: string, place: Place): StoredDocument | undefined {
    return this.#documents.find((document) => document.name === name && isSamePlace(document, place));
  }
}
