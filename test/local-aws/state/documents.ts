import { isSamePlace, type Place } from '../place';
import { REMOTE_HOST_DOCUMENT, type SessionDocument } from './session-document';

interface StoredDocument extends Place { readonly name: string; readonly content: SessionDocument }

/** Those that AWS owns are everywhere. */
const AWS_OWNED = new Map([['AWS-StartPortForwardingSessionToRemoteHost', REMOTE_HOST_DOCUMENT]]);

export class Documents {
  readonly #documents: StoredDocument[] = [];

  constructor(private readonly home: Place) {}

  put(name: string, content: SessionDocument, place: Place = this.home): void {
    this.delete(name, place);
    this.#documents.push({ account: place.account, region: place.region, name, content });
  }

  delete(name: string, place: Place = this.home): void {
    const at = this.#documents.findIndex((document) => document.name === name && isSamePlace(document, place));
    if (at >= 0) this.#documents.splice(at, 1);
  }

  /** By its name, or by its ARN. */
  find(place: Place, nameOrArn: string): SessionDocument | undefined {
    const name = nameOrArn.replace(/^arn:.*:document\//, '');
    return AWS_OWNED.get(name) ?? this.#documents.find((document) => document.name === name && isSamePlace(document, place))?.content;
  }
}
