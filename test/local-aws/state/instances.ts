import { EventEmitter } from 'node:events';
import { hexId, isSamePlace, type Place } from '../place';
import { Instance, type InstanceSettings, type InstanceTiming, seconds } from './instance';

export const EXID_TAG = 'exid';
export const STACK_TAGS = {
  name: 'aws:cloudformation:stack-name',
  id: 'aws:cloudformation:stack-id',
  logicalId: 'aws:cloudformation:logical-id',
} as const;

const HOUR = 3_600_000;

/** All machines, the terminated ones too, as EC2 goes on showing them for a while. Tells whose agent went away, as it stopped or lost its connection. */
export class Instances extends EventEmitter<{ agentGone: [instanceId: string] }> {
  readonly #instances: Instance[] = [];

  constructor(private readonly home: Place, readonly timing: InstanceTiming) {
    super();
  }

  /** Adds a running one, launched an hour ago unless told otherwise. Without stack tags it is unrelated to all others. */
  add(settings: Partial<InstanceSettings> = {}): Instance {
    const { region, account } = { ...this.home, ...settings };
    const seed = [account, region, this.#instances.length];
    const instance = new Instance({
      account,
      region,
      id: `i-${hexId(17, 'instance', ...seed)}`,
      tags: {},
      imageId: `ami-${hexId(17, 'image', ...seed)}`,
      instanceType: 't4g.micro',
      architecture: 'arm64',
      availabilityZone: `${region}a`,
      subnetId: `subnet-${hexId(17, 'subnet', region)}`,
      vpcId: `vpc-${hexId(17, 'vpc', region)}`,
      securityGroupIds: [`sg-${hexId(17, 'group', region)}`],
      privateIp: `10.0.${Math.floor(this.#instances.length / 250)}.${4 + (this.#instances.length % 250)}`,
      rootDeviceType: 'ebs',
      launchTime: seconds(new Date(Date.now() - HOUR)),
      ...settings,
    }, this.timing);
    instance.on('agentGone', () => this.emit('agentGone', instance.id));
    this.#instances.push(instance);
    return instance;
  }

  /** Adds one that begins to run now. */
  launch(settings: Partial<InstanceSettings>): Instance {
    const instance = this.add(settings);
    instance.boot();
    return instance;
  }

  /** A newer one of the same stack and logical id, as in the midst of a replacement: the old one still lives. */
  replace(old: Instance): Instance {
    const launchTime = seconds(new Date(Math.max(Date.now(), old.launchTime.getTime() + 1000)));
    const id = `i-${hexId(17, 'replacement', old.id, this.#instances.length)}`;
    return this.add({ ...old.settings, id, launchTime });
  }

  /**
   * The one live instance that an instance id, an exid or a logical id names; the only one there is when nothing is named.
   * @throws Error when there is none, or more than one
   */
  get(name?: string): Instance {
    const namesOf = ({ id, settings: { tags } }: Instance): unknown[] => [id, tags[EXID_TAG], tags[STACK_TAGS.logicalId]];
    const found = this.live().filter((instance) => name === undefined || namesOf(instance).includes(name));
    if (found.length !== 1) throw new Error(`${found.length} live instances are called ${JSON.stringify(name)}: ${found.map(({ id }) => id).join(', ')}`);
    return found[0]!;
  }

  live(): Instance[] {
    return this.#instances.filter((instance) => instance.isLive);
  }

  in(place: Place): Instance[] {
    return this.#instances.filter((instance) => isSamePlace(instance.settings, place));
  }

  find(place: Place, id: string): Instance | undefined {
    return this.in(place).find((instance) => instance.id === id);
  }

  close(): void {
    for (const instance of this.#instances) instance.close();
  }
}
