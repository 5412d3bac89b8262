import { engineOf } from '../engines';
import type { OpenedTunnel } from '../tunnel';
import type { Call } from './command';
import { urlOf } from './endpoint';

/** An open tunnel as --json shows it: without what only this process needs, and with its URL. Nothing without --json. */
export async function shownOf(opened: OpenedTunnel, { flags, loadTunnels }: Call, signal: AbortSignal): Promise<object> {
  if (!flags.json) return {};
  const mayBeTls = engineOf(opened.engine).urlOverTls !== undefined;
  const overTls = mayBeTls ? await (await loadTunnels()).speaksTls(opened, signal) : undefined;
  return { ...withoutOurs(opened), url: urlOf(opened, { overTls }) };
}

export function withoutOurs({ credentials: _, hold: __, ...tunnel }: OpenedTunnel): object {
  return tunnel;
}
