import { setTimeout as sleep } from 'node:timers/promises';
import type { Traffic, TunnelFilter, TunnelView } from '../tunnel/tunnel';
import type { Call } from './command';
import { nameOf } from './request';
import { describeTunnel } from './status-text';

const LOOK_EVERY = 1_000;

/** Shows again and again how tunnels are, and how much they carry, until the signal fires or nobody reads it any more. */
export async function watchStatus({ output, loadTunnels }: Call, filter: TunnelFilter, interruption: AbortSignal): Promise<number> {
  const { findTunnels } = await loadTunnels();
  const signal = AbortSignal.any([interruption, output.unread]);
  const rates = new Rates();
  output.stream();
  for (let shown = ''; !signal.aborted;) {
    const tunnels = await findTunnels(filter);
    const status = tunnels.length === 0 ? 'CLOSED' : 'OPEN';
    const views = tunnels.map((tunnel) => describeTunnel(tunnel, rates.of(tunnel)));
    const text = views.length === 0 ? `${nameOf(filter)}  CLOSED` : views.join('\n\n');
    // On a terminal as well: its edge may be elsewhere by now.
    if (text !== shown || output.isTerminal) output.view(text, { time: new Date().toISOString(), name: filter.name, status, tunnels });
    shown = text;
    await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined);
  }
  return 0;
}

/** How fast tunnels carry bytes, between one look and the next. */
class Rates {
  private readonly last = new Map<number, { readonly at: number; readonly traffic: Traffic }>();

  of({ pid, traffic }: TunnelView): Traffic | undefined {
    if (!traffic) return undefined;
    const before = this.last.get(pid);
    const at = performance.now();
    this.last.set(pid, { at, traffic });
    if (!before) return { in: 0, out: 0 };
    const perSecond = (way: keyof Traffic): number => ((traffic[way] - before.traffic[way]) * 1000) / Math.max(1, at - before.at);
    return { in: perSecond('in'), out: perSecond('out') };
  }
}
