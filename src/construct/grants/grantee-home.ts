import { Resource, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { areKnownToDiffer, canSpeakOf } from '../place';

/**
 * The stack for the policy of a grantee: its own, so that neither stack has to know the other; that of the target for one that was made elsewhere.
 * @throws Error when a policy there could not mean the target, or would be of no use
 */
export function homeOf(grantee: iam.IGrantable, place: Stack): Stack {
  const { grantPrincipal } = grantee;
  const isMadeHere = Construct.isConstruct(grantPrincipal) && Resource.isOwnedResource(grantPrincipal);
  const home = isMadeHere ? Stack.of(grantPrincipal) : place;
  checkHome(home, place);
  return home;
}

function checkHome(home: Stack, place: Stack): void {
  const refusal = `cannot grant connect to what is in "${home.node.path}", which goes to ${home.environment}:`;
  if (!canSpeakOf(place, home)) throw new Error(`${refusal} where "${place.node.path}" goes is not known; pass env to its stack`);
  if (areKnownToDiffer(home.account, place.account)) {
    throw new Error(`${refusal} nobody can start a session in another account, and the target is in ${place.account}; pass a role of that account`);
  }
}
