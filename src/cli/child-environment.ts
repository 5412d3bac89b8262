import { engineOf } from '../engines';
import type { Login, TlsMode, TunnelView } from '../tunnel';
import { urlOf } from './endpoint';
import type { Environment } from './host';

/** All that a program is told that is to talk through a tunnel. */
export interface Through {
  readonly tunnel: TunnelView;
  readonly login: Login;
  readonly tls: TlsMode;
  /** Whether the database speaks TLS, of an engine that may or may not. @default - nobody asked */
  readonly overTls?: boolean;
}

/** Would make PostgreSQL's clients pass by the host that we set. */
const OVERRIDES_HOST = ['PGHOSTADDR', 'PGSERVICE', 'PGSERVICEFILE'];

/** The environment of a command that is to talk through the tunnel. The password is here, and nowhere else. */
export function environmentThrough(through: Through, environment: Environment): Environment {
  const { tunnel, login: { user, password, database } } = through;
  const names = engineOf(tunnel.engine).environment;
  const clean = Object.fromEntries(Object.entries(environment).filter(([name]) => !OVERRIDES_HOST.includes(name)));
  const told: [name: string | undefined, text: string | undefined][] = [
    ['TUNNEL_HOST', tunnel.host],
    ['TUNNEL_PORT', String(tunnel.port)],
    ['TUNNEL_USER', user],
    ['TUNNEL_PASSWORD', password],
    ['TUNNEL_DATABASE', database],
    [names.host, tunnel.host],
    [names.port, String(tunnel.port)],
    [names.user, user],
    [names.password, password],
    [names.database, database],
    ['DATABASE_URL', urlOf(tunnel, { ...urlPartsOf(through), user, password })],
    ...Object.entries(ofLanguage(through, environment)),
  ];
  const known = told.filter((entry): entry is [string, string] => entry[0] !== undefined && entry[1] !== undefined);
  return { ...clean, ...Object.fromEntries(known) };
}

/** What a URL says beside who logs in. */
export function urlPartsOf({ login: { database, trust }, tls, overTls }: Through): Pick<Parameters<typeof urlOf>[1] & object, 'database' | 'overTls' | 'verified'> {
  return { database, overTls, verified: tls === 'verify-full' ? trust : undefined };
}

/** What only the clients of one language know. */
function ofLanguage({ tunnel, login: { auth, password, trust }, tls }: Through, environment: Environment): Record<string, string> {
  const { probe } = engineOf(tunnel.engine);
  if (probe === 'mysql' && auth === 'iam') return { LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN: '1' };
  if (probe !== 'postgres') return {};
  if (tls === 'verify-full' && trust) {
    return { PGHOST: tunnel.remote.host, PGHOSTADDR: tunnel.host, PGSSLMODE: 'verify-full', PGSSLROOTCERT: trust.file ?? 'system' };
  }
  // A password that we fetched goes out in no plain text unless somebody wants it so.
  return password !== undefined && trust && !environment.PGSSLMODE ? { PGSSLMODE: 'require' } : {};
}
