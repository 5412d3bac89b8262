import { isSamePlace, type Place } from '../place';
import { Group, type GroupSettings } from './group';
import type { InstanceTiming } from './instance';
import { EXID_TAG, type Instances, STACK_TAGS } from './instances';

export class Groups {
  readonly #groups: Group[] = [];

  constructor(private readonly instances: Instances, private readonly timing: InstanceTiming) {}

  /** @param isNew whether it is launched now, and not long ago */
  add(settings: GroupSettings, isNew: boolean): Group {
    const group = new Group(settings, this.instances, this.timing);
    group.populate(isNew);
    this.#groups.push(group);
    return group;
  }

  /**
   * The one group that a name, the exid of its instance or a logical id names; the only one there is when nothing is named.
   * @throws Error when there is none, or more than one
   */
  get(name?: string): Group {
    const namesOf = ({ name: own, instance: { settings: { tags } } }: Group): unknown[] => [own, tags[EXID_TAG], tags[STACK_TAGS.logicalId]];
    const found = this.#groups.filter((group) => name === undefined || namesOf(group).includes(name));
    if (found.length !== 1) throw new Error(`${found.length} groups are called ${JSON.stringify(name)}`);
    return found[0]!;
  }

  find(place: Place, name: string): Group | undefined {
    return this.#groups.find((group) => group.name === name && isSamePlace(group.place, place));
  }

  delete(name: string, place: Place): void {
    const at = this.#groups.findIndex((group) => group.name === name && isSamePlace(group.place, place));
    if (at >= 0) this.#groups.splice(at, 1)[0]!.delete();
  }

  close(): void {
    for (const group of this.#groups) group.close();
  }
}
