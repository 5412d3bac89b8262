import { runSimulation, runUnsafeSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import { partitionOf } from '../../../local-aws/place';
import type { Stack } from '../../../local-aws/template/stack';
import { PEOPLE, type PersonName } from './people';
import { logicalIdOf, policiesOf, type PolicyDocument } from './policies';
import type { Request, Resource } from './requests';

export interface Decision {
  readonly isAllowed: boolean;
  /** What was said with the request, and means nothing to its action. */
  readonly ignored: readonly string[];
}

/** Asks somebody else's simulator what IAM would say. */
export class Simulator {
  /** What everybody may do, by the policies of the template. */
  readonly policies: ReadonlyMap<PersonName, PolicyDocument[]>;

  constructor(private readonly stack: Stack) {
    const names = Object.keys(PEOPLE) as PersonName[];
    this.policies = new Map(names.map((name) => [name, policiesOf(stack, PEOPLE[name])]));
  }

  async decide(request: Request, policies = this.policies.get(request.person)!): Promise<Decision> {
    const simulation = this.toSimulation(request, policies);
    if (isTakenForMistake(request)) return { isAllowed: runUnsafeSimulation(simulation, {}) === 'Allowed', ignored: [] };
    const response = await runSimulation(simulation, {});
    if (response.resultType !== 'single') throw new Error(`${request.action} could not be simulated: ${JSON.stringify(response)}`);
    const { ignoredContextKeys = [] } = response.result;
    return { isAllowed: response.overallResult === 'Allowed', ignored: ignoredContextKeys.filter((key) => !/resourceTag/i.test(key)) };
  }

  private toSimulation({ person, action, resource, context }: Request, policies: readonly PolicyDocument[]): Simulation {
    const { account, region } = this.stack.settings.place;
    const [service, principal] = PEOPLE[person].principal;
    return {
      request: {
        principal: `arn:${partitionOf(region)}:${service}::${account}:${principal}`,
        action,
        // Never said to be of another account, where more than the policy would deny it.
        resource: { resource: resource ? arnOf(resource) : '*', accountId: account },
        contextVariables: definedOf({ ...PEOPLE[person].context, ...tagsOf(resource), ...context }),
      },
      identityPolicies: policies.map((policy, index) => ({ name: `policy-${index}`, policy })),
      resourcePolicy: resource?.service === 'kms' ? this.keyPolicy() : undefined,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    };
  }

  /** A key's own policy decides too: that of each key is the same. */
  private keyPolicy(): unknown {
    return this.stack.property(logicalIdOf(this.stack, 'AWS::KMS::Key', 'DiskKey'), 'KeyPolicy');
  }
}

/**
 * Two things that the simulator takes for a mistake. The documents of AWS are of no account. And by its data the actions of ssmmessages have no
 * resource, where AWS's own sample policies name sessions. It judges such a request by the same rules, but cannot check it.
 */
function isTakenForMistake({ action, resource }: Request): boolean {
  return resource?.account === '' || action.startsWith('ssmmessages:');
}

function arnOf({ partition, service, region, account, name }: Resource): string {
  return ['arn', partition, service, region, account, name].join(':');
}

/** Each service has its own name for a tag, and ignores that of others. */
function tagsOf(resource?: Resource): Record<string, string | undefined> {
  const tags = Object.entries(resource?.tags ?? {});
  return Object.fromEntries(tags.flatMap(([key, value]) => [[`aws:ResourceTag/${key}`, value], [`ssm:resourceTag/${key}`, value]]));
}

function definedOf(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
