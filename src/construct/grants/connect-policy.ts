import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../acknowledgements';
import { pathFrom } from '../place';
import type { TunnelGrantOptions } from '../tunnel-grant-options';
import { AttachablePolicy } from './attachable-policy';
import type { ConnectSubject } from './connect-subject';
import { connectStatements } from './permissions';

/** The policies of one target: one for each stack that has grantees, and for each set of options. */
export class ConnectPolicies {
  private readonly made = new Map<string, AttachablePolicy>();

  constructor(private readonly scope: Construct, private readonly subject: ConnectSubject) {}

  /** The policy in a stack, made when it is first asked for. */
  in(home: Stack, options: TunnelGrantOptions): AttachablePolicy {
    const id = ['ConnectPolicy', ...wordsFor(options)].join(':');
    const key = `${home.node.addr}/${id}`;
    const policy = this.made.get(key) ?? this.make(home, id, options);
    this.made.set(key, policy);
    return policy;
  }

  private make(home: Stack, id: string, options: TunnelGrantOptions): AttachablePolicy {
    const statements = connectStatements(this.subject, options, home);
    const made = new AttachablePolicy(this.scopeIn(home), id, { description: `Connect to ${this.subject.targetName} by npx connect`, statements });
    acknowledgeWildcards(made.policy, statements, this.subject.place);
    return made;
  }

  private scopeIn(home: Stack): Construct {
    if (home === this.subject.place) return this.scope;
    const id = `ConnectTo:${pathFrom(home, this.scope)}`;
    return home.node.tryFindChild(id) as Construct | undefined ?? new Construct(home, id);
  }
}

/** As document, for roles that are made elsewhere. */
export function connectPolicyDocument(subject: ConnectSubject, options: TunnelGrantOptions): iam.PolicyDocument {
  return new iam.PolicyDocument({ statements: connectStatements(subject, options) });
}

/** What tells the policies of one stack apart. A user may be called as anything else is. */
function wordsFor({ databaseUser, readSecret, describeCluster }: TunnelGrantOptions): string[] {
  return [databaseUser === undefined ? '' : `as=${encodeURIComponent(databaseUser)}`, readSecret ? 'secret' : '', describeCluster ? 'cluster' : ''].filter((word) => word !== '');
}
