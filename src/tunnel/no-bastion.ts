import { Problem } from '../problem';

/** No live instance has the tag. */
export function noBastion(exid: string): Problem {
  return new Problem('NOT_FOUND', `no instance with the tag exid=${exid} was found`, {
    next: 'deploy the stack of the bastion, or look whether --region and --profile are the right ones',
  });
}
