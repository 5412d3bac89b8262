import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds. A fail-over moves a name within a minute; an answer as old as this is good enough to tell in time. */
const GOOD_FOR = 20_000;
const PATIENCE = 1_000;
/** The agent resolves a name once for each session. One as young as this has resolved it recently enough: none is renewed more often. */
const FRESH_FOR = 60_000;
/** A name of several instances leads to one after another. An address that it has led to as lately is still good. */
const SEEN_WITHIN = 40_000;
/** Where names of the VPC cannot be resolved from here, a session is trusted for as long with new connections; a bit sooner, one sees to another. */
const UNSEEN_FOR = 50_000;
const UNSEEN_AGING_FROM = 40_000;

export type Addresses = readonly string[];
export type Lookup = (host: string) => Promise<Addresses>;

/** What of a session matters here. */
export interface ResolvedOnce {
  /** Milliseconds since it resolved the name. */
  readonly age: number;
  /** What the name led to at that time, seen from here. */
  readonly addresses: Promise<Addresses | undefined>;
}

/** Tells whether a name may lead elsewhere by now than it did for a session: after a fail-over, old addresses are those of a reader. */
export class AddressWatch {
  private last?: { readonly host: string; readonly at: number; readonly addresses: Promise<Addresses | undefined> };
  /** When the name was last seen to lead to each. */
  private readonly seenAt = new Map<string, number>();

  constructor(private readonly resolve: Lookup = lookUp) {}

  /** What a name leads to now; undefined where that cannot be told from here. Never rejects. */
  async addressesOf(host: string): Promise<Addresses | undefined> {
    const now = performance.now();
    if (this.last?.host !== host || now - this.last.at > GOOD_FOR) this.last = { host, at: now, addresses: this.ask(host) };
    return this.last.addresses;
  }

  /** @returns `fresh`, `aging` (one should see to another session), or `stale` (new connections should not go there) */
  async judge(host: string, session: ResolvedOnce): Promise<'fresh' | 'aging' | 'stale'> {
    const { age } = session;
    if (isIP(host) !== 0 || age < UNSEEN_AGING_FROM) return 'fresh';
    const before = await session.addresses;
    if (before !== undefined && age < FRESH_FOR) return 'fresh';
    if (before === undefined || await this.addressesOf(host) === undefined) return age < UNSEEN_FOR ? 'aging' : 'stale';
    return before.every((address) => this.wasSeen(address)) ? 'fresh' : 'stale';
  }

  private wasSeen(address: string): boolean {
    return performance.now() - (this.seenAt.get(address) ?? -Infinity) < SEEN_WITHIN;
  }

  private async ask(host: string): Promise<Addresses | undefined> {
    const addresses = await Promise.race([this.resolve(host).catch(() => undefined), sleep(PATIENCE, undefined, { ref: false })]);
    for (const address of this.seenAt.keys()) if (!this.wasSeen(address)) this.seenAt.delete(address);
    for (const address of addresses ?? []) this.seenAt.set(address, performance.now());
    return addresses;
  }
}

async function lookUp(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}
