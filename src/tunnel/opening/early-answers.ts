import type { TunnelRecord } from '../store';
import type { ResolvedTarget } from '../tunnel';
import type { Deadline } from './deadline';
import { isAnswering } from './wait-for-database';

/** Asks the database through tunnels that are likely to be reused, before AWS has said that they lead to the right place: a round trip is saved. */
export class EarlyAnswers {
  /** When they were asked for. */
  readonly since = Date.now();
  private readonly answers: ReadonlyMap<string, Promise<boolean>>;

  constructor(records: readonly TunnelRecord[], deadline: Deadline) {
    const living = records.filter(({ alive }) => alive);
    this.answers = new Map(living.map(({ hash, meta }) => [hash, isAnswering(meta, deadline).catch(() => false)]));
  }

  /** Whether the database has answered through the tunnel, and is still where the target is. What is false may be true by now. */
  async through({ hash, meta: { remote, bastion } }: TunnelRecord, target: ResolvedTarget): Promise<boolean> {
    const { host, port, bastion: { instanceId = bastion.instanceId } } = target;
    const isThere = remote.host === host && remote.port === port && bastion.instanceId === instanceId;
    return isThere && await this.answers.get(hash) === true;
  }
}
