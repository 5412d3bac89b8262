import { EventEmitter } from 'node:events';
import { hexId, type Place } from '../place';
import { type Instance, type InstanceSettings, type InstanceTiming, seconds } from './instance';
import type { Instances } from './instances';

/** The reserved tag of every instance of a group. */
export const GROUP_TAG = 'aws:autoscaling:groupName';

/** What a group launches. */
export interface LaunchSettings {
  readonly machine: Partial<InstanceSettings>;
  /** Each launch takes the next one. */
  readonly subnets: readonly { readonly subnetId: string; readonly availabilityZone: string }[];
  /** Those that are propagated or reserved, but for the name of the group. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface GroupSettings extends Place {
  readonly name: string;
  readonly launch: LaunchSettings;
}

/**
 * An Auto Scaling group of one. An instance that is neither pending nor running is unhealthy to it, a stopped one too:
 * after a while it terminates what is left of it, and launches another.
 */
export class Group extends EventEmitter<{ launched: [Instance] }> {
  #launch: LaunchSettings;
  #member!: Instance;
  #launches = 0;
  #isSuspended = false;
  #healing?: NodeJS.Timeout;

  constructor(private readonly settings: GroupSettings, private readonly instances: Instances, private readonly timing: InstanceTiming) {
    super();
    this.#launch = settings.launch;
  }

  get name(): string {
    return this.settings.name;
  }

  get place(): Place {
    return this.settings;
  }

  /** The instance that it launched last, dead or alive. */
  get instance(): Instance {
    return this.#member;
  }

  /** Makes its first instance, which runs when the deployment of the group is over. */
  populate(isNew: boolean): void {
    this.#take(this.instances.add({ ...this.#nextSettings(), ...(isNew && { launchTime: seconds(new Date()) }) }));
  }

  /** Launches others from now on. @param isRolled whether that replaces the instance that there is */
  update(launch: LaunchSettings, isRolled: boolean): void {
    const hasChanged = JSON.stringify(launch) !== JSON.stringify(this.#launch);
    this.#launch = launch;
    if (!hasChanged || !isRolled) return;
    const old = this.#member;
    this.populate(true);
    old.terminate();
  }

  /** Replaces nothing until `resume`, as with the processes HealthCheck, ReplaceUnhealthy and Launch suspended. */
  suspend(): void {
    this.#isSuspended = true;
    clearTimeout(this.#healing);
  }

  resume(): void {
    this.#isSuspended = false;
    this.#examine();
  }

  /** Gives up its instance too. */
  delete(): void {
    this.suspend();
    this.#member.terminate();
  }

  /** Ends what is under way. */
  close(): void {
    this.suspend();
  }

  #examine(): void {
    clearTimeout(this.#healing);
    if (!this.#isSuspended && !isHealthy(this.#member)) this.#healing = setTimeout(() => this.#heal(), this.timing.healing);
  }

  #heal(): void {
    this.#member.terminate();
    this.#take(this.instances.launch(this.#nextSettings()));
  }

  #take(instance: Instance): void {
    clearTimeout(this.#healing);
    this.#member = instance;
    instance.on('state', () => instance === this.#member && this.#examine());
    this.emit('launched', instance);
  }

  #nextSettings(): Partial<InstanceSettings> & Pick<InstanceSettings, 'tags'> {
    const { account, region, name } = this.settings;
    const { machine, subnets, tags } = this.#launch;
    const id = `i-${hexId(17, 'group', name, account, region, this.instances.in(this.settings).length)}`;
    const subnet = subnets[this.#launches++ % subnets.length];
    return { account, region, id, ...machine, ...subnet, tags: { ...tags, [GROUP_TAG]: name } };
  }
}

function isHealthy({ state }: Instance): boolean {
  return state === 'pending' || state === 'running';
}
