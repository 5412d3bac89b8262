import { type Caller, hasFixedCredentials, isSameCaller, takeEnvironmentOf, thisCaller } from '../caller';

/** In whose name a worker asks AWS: of whoever opened the tunnel, until somebody else has to take over. */
export class WorkerCaller {
  /** Counts who took over. */
  turn = 0;
  private current: Caller;

  constructor(profile: string | undefined) {
    this.current = thisCaller(profile);
  }

  get profile(): string | undefined {
    return this.current.profile;
  }

  /**
   * Somebody else offers their credentials. They are taken when ours do not do, and when both are of the kind that expires and cannot
   * renew itself: the later ones last longer.
   * @returns whether they were taken
   */
  offer(caller: Caller, isInTrouble: boolean): boolean {
    const lastLonger = hasFixedCredentials(this.current) && hasFixedCredentials(caller);
    if (isSameCaller(this.current, caller) || !(isInTrouble || lastLonger)) return false;
    takeEnvironmentOf(caller);
    this.current = caller;
    this.turn++;
    return true;
  }
}
