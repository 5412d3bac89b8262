import { engineOf } from '../engines';
import type { TunnelView } from '../tunnel/tunnel';
import type { Environment } from './host';

/** Would make PostgreSQL's clients pass by the host that we set. */
const OVERRIDES_HOST = ['PGHOSTADDR', 'PGSERVICE', 'PGSERVICEFILE'];

export function endpointOf({ host, port }: TunnelView): string {
  return `${host}:${port}`;
}

/** Without user and password, which are not ours to know; undefined for an engine that has no URL. */
export function urlOf(tunnel: TunnelView): string | undefined {
  const { scheme, query } = engineOf(tunnel.engine);
  const path = tunnel.database || query ? `/${encodeURIComponent(tunnel.database ?? '')}` : '';
  return scheme && [`${scheme}://${endpointOf(tunnel)}`, path, query && `?${query}`].join('');
}

/** The environment of a command that is to talk through the tunnel. */
export function environmentThrough(tunnel: TunnelView, environment: Environment): Environment {
  const { host, port, database } = engineOf(tunnel.engine).environment;
  const through: Record<string, string | undefined> = { ...environment };
  for (const name of OVERRIDES_HOST) delete through[name];
  const set = (name: string | undefined, text: string | undefined): void => {
    if (name !== undefined && text !== undefined) through[name] = text;
  };
  set('TUNNEL_HOST', tunnel.host);
  set('TUNNEL_PORT', String(tunnel.port));
  set(host, tunnel.host);
  set(port, String(tunnel.port));
  set(database, tunnel.database);
  set('DATABASE_URL', urlOf(tunnel));
  return through;
}
