import { Annotations, Resource, Stack, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { DEFAULT_PREFIX, descriptorParameterName } from '../descriptor';
import { ConnectPolicy } from './grants/connect-policy';
import { createDescriptorParameter } from './target/descriptor-parameter';
import { checkPrefix, chooseTargetName } from './names';
import { letThrough } from './target/network-rules';
import { canSpeakOf, pathFrom, sharePlace } from './place';
import type { ITunnelBastion } from './tunnel-bastion';
import type { TunnelSource } from './tunnel-source';

/** What can be said about a target beside what it leads into and through which bastion. */
export interface TunnelTargetOptions {
  /**
   * What people type: `npx connect <targetName>`. A literal that starts with a letter or digit, then has letters, digits, `_`, `.` and `-`,
   * at most 128, and is no command of `connect`.
   *
   * @default - the literal identifier of the cluster, lower-cased; where that is not known at synthesis, it has to be passed
   */
  readonly targetName?: string;

  /**
   * The folder of Parameter Store that the descriptor is put in. People who connect have to name it, unless it is the default.
   *
   * @default - /tunnelable-rds
   */
  readonly prefix?: string;

  /**
   * The database that people mean when they name none.
   *
   * @default - the default database of the cluster, where it is created in this app
   */
  readonly database?: string;
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

  private readonly connectPolicies = new Map<Stack, ConnectPolicy>();

  constructor(scope: Construct, id: string, props: TunnelTargetProps) {
    super(scope, id);
    const source = props.source.bind(this);
    const prefix = props.prefix ?? DEFAULT_PREFIX;
    this.targetName = chooseTargetName(props.targetName, source.defaultTargetName);
    checkPrefix(prefix);
    this.parameterName = descriptorParameterName(this.targetName, prefix);
    this.bastion = props.bastion;

    letThrough(this, props.bastion, source.securityGroups, source.port);
    if (source.securityGroups.length === 0) this.warnOfNoSecurityGroups();
    createDescriptorParameter(this, {
      parameterName: this.parameterName, targetName: this.targetName, bastion: props.bastion, source, database: props.database,
    });
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
   */
  public grantConnect(grantee: iam.IGrantable): iam.Grant {
    const stack = Stack.of(this);
    const home = homeOf(grantee) ?? stack;
    checkHome(home, stack);
    const policy = this.connectPolicyIn(home);
    policy.attachTo(grantee);
    return policy.grant;
  }

  private connectPolicyIn(home: Stack): ConnectPolicy {
    const made = this.connectPolicies.get(home);
    if (made) return made;
    const scope = home === Stack.of(this) ? this : new Construct(home, `ConnectTo:${pathFrom(home, this)}`);
    const policy = new ConnectPolicy(scope, {
      targetName: this.targetName, exid: this.bastion.exid, parameterName: this.parameterName, place: Stack.of(this),
    });
    this.connectPolicies.set(home, policy);
    return policy;
  }

  private warnOfNoSecurityGroups(): void {
    Annotations.of(this).addWarningV2('tunnelable-rds-cluster:noSecurityGroups',
      `the security groups of "${this.targetName}" are not known, so nothing lets the bastion reach it; `
      + 'pass securityGroups to fromDatabaseClusterAttributes, or else add the rules to both sides yourself');
  }

  /** Other targets whose parameter would be the same one. */
  private findNamesakes(): string[] {
    const stack = Stack.of(this);
    return this.node.root.node.findAll()
      .filter((other): other is TunnelTarget => other instanceof TunnelTarget && other !== this)
      .filter((other) => other.parameterName === this.parameterName && sharePlace(Stack.of(other), stack))
      .map((other) => `target name "${this.targetName}" is also the name of "${other.node.path}"; pass another targetName`);
  }
}

/** @throws Error when a policy in the home of a grantee could not mean the target, or would be of no use. */
function checkHome(home: Stack, stack: Stack): void {
  const refusal = `cannot grant connect to what is in "${home.node.path}", which goes to ${home.environment}:`;
  if (!canSpeakOf(stack, home)) throw new Error(`${refusal} where "${stack.node.path}" goes is not known; pass env to its stack`);
  if (home.account !== stack.account && !Token.isUnresolved(home.account)) {
    throw new Error(`${refusal} nobody can start a session in another account, and the target is in ${stack.account}; pass a role of that account`);
  }
}

/** The stack that a grantee is made in; undefined for one that was made elsewhere. */
function homeOf({ grantPrincipal }: iam.IGrantable): Stack | undefined {
  return Construct.isConstruct(grantPrincipal) && Resource.isOwnedResource(grantPrincipal) ? Stack.of(grantPrincipal) : undefined;
}
