import { GetDocumentCommand, type GetDocumentResult, SSMClient } from '@aws-sdk/client-ssm';
import { callAws } from '../call';
import { clientOf } from '../clients';
import type { AwsContext } from '../context';

/** The default version of a session document: the one that sessions are started with. */
export interface SessionDocument {
  readonly version: string;
  /** In AWS's words: `Active`, `Creating`, `Updating`, `Deleting`, `Failed`. */
  readonly status: string;
  readonly sessionType?: string;
  /** As the document has them: a text, or a reference to a parameter. */
  readonly host?: string;
  readonly port?: string;
}

/** Reads a session document. @returns null when there is none of that name */
export async function getSessionDocument({ name }: { name: string }, context: AwsContext): Promise<SessionDocument | null> {
  const client = await clientOf(SSMClient, context);
  const found = await callAws<GetDocumentResult | null>({
    call: 'ssm:GetDocument',
    otherwise: 'SESSION_FAILED',
    answers: { InvalidDocument: null },
  }, context, (options) => client.send(new GetDocumentCommand({ Name: name, DocumentFormat: 'JSON' }), options));
  if (!found) return null;
  const { DocumentVersion: version = 'unknown', Status: status = 'unknown', Content: content } = found;
  const { sessionType, properties } = parse(content);
  return { version, status, sessionType: text(sessionType), host: text(properties?.host), port: text(properties?.portNumber) };
}

/** Whoever may write documents may write anything into one. */
function parse(content: string = ''): { sessionType?: unknown; properties?: { host?: unknown; portNumber?: unknown } } {
  try {
    return Object(JSON.parse(content)) as object;
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
