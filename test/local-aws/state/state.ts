import type { Place } from '../place';
import { Clusters } from './clusters';
import { Documents } from './documents';
import { Groups } from './groups';
import type { InstanceTiming } from './instance';
import { Instances } from './instances';
import { Parameters } from './parameters';
import { Sessions } from './sessions';

/** All that this AWS holds. */
export class State {
  readonly instances: Instances;
  readonly groups: Groups;
  readonly clusters = new Clusters();
  readonly parameters: Parameters;
  readonly documents: Documents;
  readonly sessions = new Sessions();

  constructor(home: Place, timing: InstanceTiming) {
    this.instances = new Instances(home, timing);
    this.groups = new Groups(this.instances, timing);
    this.parameters = new Parameters(home);
    this.documents = new Documents(home);
  }
}
