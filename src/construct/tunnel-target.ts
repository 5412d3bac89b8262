import { Annotations, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { DEFAULT_PREFIX, descriptorParameterName } from '../descriptor';
import { connectPolicyDocument, ConnectPolicies } from './grants/connect-policy';
import type { ConnectSubject } from './grants/connect-subject';
import { homeOf } from './grants/grantee-home';
import { listPolicyIn } from './grants/list-policy';
import { checkPrefix, chooseTargetName } from './names';
import { orPassEnv, sharePlace } from './place';
import { createDescriptorParameter } from './target/descriptor-parameter';
import { letThrough } from './target/network-rules';
import { bindDocuments } from './target/target-documents';
import type { ITunnelBastion } from './tunnel-bastion';
import type { TunnelGrantOptions } from './tunnel-grant-options';
import { TunnelSessionDocument } from './tunnel-session-document';
import type { TunnelSource, TunnelSourceConfig } from './tunnel-source';

/** What can be said about a target beside what it leads into and through which bastion. */
export interface TunnelTargetOptions {
  /**
   * What people type: `npx connect <targetName>`. A literal that starts with a letter or digit, then has letters, digits, `_`, `.` and `-`,
   * at most 128, and is no command of `connect`.
   *
   * A change of it renames the parameter and the documents, and people type the new name.
   *
   * @default - the literal identifier of what it leads into, lower-cased; where that is not known at synthesis, it has to be passed
   */
  readonly targetName?: string;

  /**
   * The folder of Parameter Store that the descriptor is put in. People who connect have to name it, by `--prefix` or `CONNECT_PREFIX`, unless it
   * is the default. Change it to keep teams or stages of one account apart: `grantList` is by prefix.
   *
   * @default - /tunnelable-rds
   */
  readonly prefix?: string;

  /**
   * The database that people mean when they name none: `connect <target> -- psql` sets PGDATABASE to it.
   *
   * @default - the default database of a cluster or instance that is created in this app
   */
  readonly database?: string;

  /**
   * Whether to make the security group rules between the bastion and what it leads into. Leave them out where they exist: EC2 refuses a rule that
   * is there already, made by another app, by hand, or by `connections.allowDefaultPortFrom(bastion)`.
   *
   * @default true
   */
  readonly networkRules?: boolean;

  /**
   * The session document that people start their sessions with: it says what they can reach, and how long a session may last. Change it to
   * limit sessions, or where the account refuses a document that fixes its host.
   *
   * @default TunnelSessionDocument.fixed() - a document for each host, which reaches that host and port and nothing else
   */
  readonly sessionDocument?: TunnelSessionDocument;

  /**
   * The secret with the user and password that people log in with. Its ARN, and nothing of its content, is written into the descriptor.
   * It is for people and programs that read the descriptor; `connect` reads no secret. Being allowed to read it is another matter: see the
   * `readSecret` of `grantConnect`.
   *
   * @default - the descriptor names no secret, unless `administratorSecret` is set
   */
  readonly credentialsSecret?: secretsmanager.ISecret;

  /**
   * Whether the secret of the administrator is what people log in with, where the source knows it: that of a cluster or instance made in this
   * app. For playgrounds: prefer a user of one's own, by IAM. Not together with `credentialsSecret`.
   *
   * @default false
   */
  readonly administratorSecret?: boolean;

  /**
   * Whether people log in by IAM. The descriptor says so, for whoever makes the token (`aws rds generate-db-auth-token`); `connect` itself logs
   * nobody in. It has to be enabled on the database; the `databaseUser` of `grantConnect` allows it.
   *
   * @default - the descriptor does not say
   */
  readonly iamAuthentication?: boolean;
}

/** Properties of a `TunnelTarget`. */
export interface TunnelTargetProps extends TunnelTargetOptions {
  /** The bastion to go through. It may be in another stack of the same account and region. */
  readonly bastion: ITunnelBastion;

  /** What to lead into. */
  readonly source: TunnelSource;
}

/**
 * Something that one can tunnel into by name: it lets a bastion reach a source, and writes down for `connect` how to get there.
 */
export class TunnelTarget extends Construct {
  /** What people type: `npx connect <targetName>`. */
  public readonly targetName: string;

  /** The name of the SSM parameter with the descriptor. */
  public readonly parameterName: string;

  /** The bastion that one goes through. */
  public readonly bastion: ITunnelBastion;

  private readonly prefix: string;
  private readonly subject: ConnectSubject;
  private readonly connectPolicies: ConnectPolicies;

  /**
   * @param scope where to put it in the construct tree
   * @param id what to call it there
   * @param props what it leads into, through which bastion, and what it is called
   */
  constructor(scope: Construct, id: string, props: TunnelTargetProps) {
    super(scope, id);
    const source = props.source.bind(this);
    this.prefix = props.prefix ?? DEFAULT_PREFIX;
    this.targetName = chooseTargetName(props.targetName, source.defaultTargetName);
    checkPrefix(this.prefix);
    this.parameterName = descriptorParameterName(this.targetName, this.prefix);
    this.bastion = props.bastion;
    const { targetName, parameterName, bastion } = this;

    if (props.networkRules ?? true) {
      letThrough(this, bastion, source.securityGroups, source.port);
      if (source.securityGroups.length === 0) this.warnOfNoSecurityGroups();
    }
    const secret = chooseSecret(targetName, props, source);
    const documents = bindDocuments(this, props.sessionDocument ?? TunnelSessionDocument.fixed(), { targetName, parameterName, source });
    createDescriptorParameter(this, {
      parameterName,
      targetName,
      bastion,
      source,
      documents,
      database: props.database,
      secret,
      iamAuthentication: props.iamAuthentication,
    });
    this.subject = {
      targetName,
      parameterName,
      bastion,
      documentArns: [...new Set(Object.values(documents).map(({ documentArn }) => documentArn))],
      rdsResourceId: source.rdsResourceId,
      clusterName: source.kind === 'rds-cluster' ? source.name : undefined,
      secret,
      place: Stack.of(this),
    };
    this.connectPolicies = new ConnectPolicies(this, this.subject);
    this.node.addValidation({ validate: () => this.findNamesakes() });
  }

  /**
   * Lets a role, user or group connect to this target, start its bastion, and end and resume their own sessions.
   *
   * The permissions are a managed policy, attached to the grantee. It is in the grantee's stack, so that neither stack has to know the other;
   * for a grantee that was imported, in the scope of this target. A role that must not be changed, such as an imported one of another
   * account, gets nothing.
   *
   * @param grantee who may connect: a role, a user or a group, of any stack
   * @param options what they may do beside that
   * @returns the statements that were granted
   */
  public grantConnect(grantee: iam.IGrantable, options: TunnelGrantOptions = {}): iam.Grant {
    const policy = this.connectPolicies.in(homeOf(grantee, Stack.of(this)), options);
    policy.attachTo(grantee);
    return policy.grant;
  }

  /**
   * Lets a role, user or group list the targets: all that are under the prefix of this one, in its account and region. `connect targets` asks for
   * it; connecting to a target that one knows the name of does not.
   *
   * @param grantee who may list them: a role, a user or a group, of any stack
   * @returns the statement that was granted
   */
  public grantList(grantee: iam.IGrantable): iam.Grant {
    const place = Stack.of(this);
    const policy = listPolicyIn(homeOf(grantee, place), this.prefix, place);
    policy.attachTo(grantee);
    return policy.grant;
  }

  /**
   * The managed policy with what `grantConnect` grants, made in the scope of this target and attached to nobody: for whom this app does not
   * know. It is made when it is first asked for, and its name at deployment; for one with a name of your choice, see `connectPolicyDocument`.
   */
  public get connectPolicy(): iam.IManagedPolicy {
    return this.connectPolicies.in(Stack.of(this), {}).policy;
  }

  /**
   * What `grantConnect` grants, as a document: to be printed (`stack.toJsonString(document)` in a `CfnOutput`), or to be put into the permission set
   * of an Identity Center. It names the account and region of this target's stack: pass `env` to the stack where the document leaves it.
   *
   * @param options what may be done beside connecting
   */
  public connectPolicyDocument(options: TunnelGrantOptions = {}): iam.PolicyDocument {
    return connectPolicyDocument(this.subject, options);
  }

  private warnOfNoSecurityGroups(): void {
    Annotations.of(this).addWarningV2('tunnelable-rds-cluster:noSecurityGroups',
      `the security groups of "${this.targetName}" are not known, so nothing lets the bastion reach it; `
      + 'pass securityGroups to its import or to the TunnelSource, or else add the rules to both sides yourself');
  }

  /** Other targets whose parameter would be the same one. */
  private findNamesakes(): string[] {
    const stack = Stack.of(this);
    return this.node.root.node.findAll()
      .filter((other): other is TunnelTarget => other instanceof TunnelTarget && other !== this)
      .filter((other) => other.parameterName === this.parameterName && sharePlace(Stack.of(other), stack))
      .map((other) => `target name "${this.targetName}" is also the name of "${other.node.path}"; pass another targetName${orPassEnv(Stack.of(other), stack)}`);
  }
}

function chooseSecret(
  targetName: string, { credentialsSecret, administratorSecret }: TunnelTargetOptions, source: TunnelSourceConfig,
): secretsmanager.ISecret | undefined {
  if (!administratorSecret) return credentialsSecret;
  if (credentialsSecret) throw new Error('administratorSecret and credentialsSecret cannot be used together: got both; pass one of them');
  if (!source.secret) throw new Error(`the secret of the administrator of "${targetName}" is not known; pass credentialsSecret`);
  return source.secret;
}
