import { Construct } from 'constructs';
import { type Role, ROLES } from '../../descriptor';
import { documentNameFor } from '../names';
import type { TunnelSessionDocument, TunnelSessionDocumentConfig } from '../tunnel-session-document';
import type { TunnelSourceConfig } from '../tunnel-source';

/** The session documents of a target: one for each of its hosts. */
export interface TargetDocuments {
  readonly writer: TunnelSessionDocumentConfig;
  readonly reader?: TunnelSessionDocumentConfig;
}

const SCOPE_IDS: Readonly<Record<Role, string>> = { writer: 'Writer', reader: 'Reader' };

/** What session documents are made for. */
export interface TargetDocumentsProps {
  readonly targetName: string;
  readonly parameterName: string;
  readonly source: TunnelSourceConfig;
}

export function bindDocuments(scope: Construct, sessionDocument: TunnelSessionDocument, props: TargetDocumentsProps): TargetDocuments {
  const { targetName, parameterName, source } = props;
  const hosts: Record<Role, string | undefined> = { writer: source.writerHost, reader: source.readerHost };
  const bound = ROLES.flatMap((role) => {
    const host = hosts[role];
    if (host === undefined) return [];
    return [[role, sessionDocument.bind(new Construct(scope, SCOPE_IDS[role]), {
      documentName: documentNameFor(targetName, role, parameterName), description: `Tunnel into ${targetName} (${role})`, host, port: source.port,
    })]];
  });
  return Object.fromEntries(bound);
}
