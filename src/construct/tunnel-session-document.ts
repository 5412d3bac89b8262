import type { Duration } from 'aws-cdk-lib';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { checkSessionLimits, createFixedDocument, nameAwsOwnedDocument } from './target/session-documents';

/** How long the sessions of a target may last. */
export interface TunnelSessionDocumentOptions {
  /**
   * How long a session may carry nothing before Systems Manager ends it: whole minutes, 1 to 60. `connect` starts another one when it is needed.
   *
   * @default - the preference of the account and region, which is 20 minutes unless somebody changed it
   */
  readonly idleSessionTimeout?: Duration;

  /**
   * How long a session may last before Systems Manager ends it, busy or not: whole minutes, 1 to 1,440. Connections that are open then are cut.
   *
   * @default - the preference of the account and region, which is no limit unless somebody changed it
   */
  readonly maxSessionDuration?: Duration;
}

/** Where the sessions of a document lead, and what the document is to be called. */
export interface TunnelSessionDestination {
  /** The name for a document that is made for this destination. It is known at synthesis, so that a policy of any stack can name it. */
  readonly documentName: string;

  /** What the document is for, in words. */
  readonly description: string;

  /** The host. May be a token. */
  readonly host: string;

  /** The port. May be a token. */
  readonly port: number;
}

/** What a `TunnelSessionDocument` comes to. */
export interface TunnelSessionDocumentConfig {
  /** The name that a session is started with. */
  readonly documentName: string;

  /** The ARN that a permission to start a session names. */
  readonly documentArn: string;

  /** Whether the document fixes host and port itself, and takes neither as a parameter. */
  readonly fixed: boolean;

  /**
   * The document, where it was made.
   *
   * @default - it exists already
   */
  readonly resource?: ssm.CfnDocument;
}

/** The session document that people start their sessions with: it says what they can reach. */
export abstract class TunnelSessionDocument {
  /**
   * A document for each host of a target. It fixes host and port, so that who may use it reaches this database and nothing else. It has to be
   * tried once in your account; `awsOwned` otherwise.
   *
   * @param options how long sessions may last
   */
  public static fixed(options: TunnelSessionDocumentOptions = {}): TunnelSessionDocument {
    checkSessionLimits(options);
    return new FixedDocument(options);
  }

  /**
   * The document of AWS (`AWS-StartPortForwardingSessionToRemoteHost`). Who may use it forwards to any host and port that the bastion can
   * reach, and the security group of the bastion is all that limits it. For accounts in which a document that fixes its host is refused.
   */
  public static awsOwned(): TunnelSessionDocument {
    return new AwsOwnedDocument();
  }

  /**
   * Called by a target, once for each of its hosts.
   *
   * @param scope what a document is made in
   * @param destination where its sessions lead
   */
  public abstract bind(scope: Construct, destination: TunnelSessionDestination): TunnelSessionDocumentConfig;
}

class FixedDocument extends TunnelSessionDocument {
  constructor(private readonly options: TunnelSessionDocumentOptions) {
    super();
  }

  public bind(scope: Construct, destination: TunnelSessionDestination): TunnelSessionDocumentConfig {
    return createFixedDocument(scope, destination, this.options);
  }
}

class AwsOwnedDocument extends TunnelSessionDocument {
  public bind(scope: Construct, _destination: TunnelSessionDestination): TunnelSessionDocumentConfig {
    return nameAwsOwnedDocument(scope);
  }
}
