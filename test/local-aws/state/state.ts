import type { Place } from '../place';
import type { Secrets } from '../secrets';
import { Clusters } from './clusters';
import { Documents } from './documents';
import { Groups } from './groups';
import type { InstanceTiming } from './instance';
import { Instances } from './instances';
import { Parameters } from './parameters';
import { Sessions } from './sessions';
import { StoredSecrets } from './stored-secrets';

/** All that this AWS holds. */
export class State {
  readonly instances: Instances;
  readonly groups: Groups;
  readonly clusters = new Clusters();
  readonly parameters: Parameters;
  readonly documents: Documents;
  readonly sessions = new Sessions();
  readonly storedSecrets: StoredSecrets;

  constructor(home: Place, timing: InstanceTiming, secrets: Secrets) {
    this.instances = new Instances(home, timing);
    this.groups = new Groups(this.instances, timing);
    this.parameters = new Parameters(home);
    this.documents = new Documents(home);
    this.storedSecrets = new StoredSecrets(home, secrets);
  }
}
