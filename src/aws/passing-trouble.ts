import { Problem } from '../problem';

/** AWS could not be reached, or had too much to do: the same call may succeed later. */
export class PassingTrouble extends Problem {
  readonly name = 'PassingTrouble';
}
