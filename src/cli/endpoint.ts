import { type Engine, engineOf } from '../engines';
import type { TunnelView } from '../tunnel/tunnel';

/** What a URL says beside where the tunnel is. */
export interface UrlParts {
  readonly user?: string;
  /** Secret. */
  readonly password?: string;
  /** @default - the tunnel's */
  readonly database?: string;
  /** Whether the database speaks TLS, of an engine that may or may not. @default false */
  readonly overTls?: boolean;
  /** For PostgreSQL: what it is to be verified by, under its real name. @default - it goes by 127.0.0.1, and TLS is the client's business */
  readonly verified?: { readonly file?: string };
}

export function endpointOf({ host, port }: TunnelView): string {
  return `${host}:${port}`;
}

/** A URL to the database through the tunnel; undefined for an engine that has no URL. */
export function urlOf(tunnel: TunnelView, parts: UrlParts = {}): string | undefined {
  const engine = engineOf(tunnel.engine);
  const { database = tunnel.database, overTls } = parts;
  const scheme = overTls ? engine.urlOverTls?.scheme ?? engine.scheme : engine.scheme;
  if (scheme === undefined) return undefined;
  if (engine.hasUrlOfProperties) return [`${scheme}://${endpointOf(tunnel)}`, ...propertiesOf({ ...parts, database })].join(';');
  const query = queryOf(tunnel, engine, parts);
  const path = database || query ? `/${encodeURIComponent(database ?? '')}` : '';
  const host = parts.verified && engine.probe === 'postgres' ? tunnel.remote.host : tunnel.host;
  return [`${scheme}://${loginOf(parts)}${host}:${tunnel.port}`, path, query && `?${query}`].join('');
}

function loginOf({ user = '', password }: UrlParts): string {
  if (user === '' && password === undefined) return '';
  return `${encodeURIComponent(user)}${password === undefined ? '' : `:${encodeURIComponent(password)}`}@`;
}

function queryOf({ host }: TunnelView, { probe, query, urlOverTls }: Engine, { overTls, verified, user }: UrlParts): string {
  return [
    query,
    overTls && urlOverTls?.query,
    probe === 'mongodb' && verified?.file && `tlsCAFile=${encodeURIComponent(verified.file)}`,
    // Its users are of no database, and a driver would look for them in that of the path.
    probe === 'mongodb' && user !== undefined && 'authSource=admin',
    probe === 'postgres' && verified && `hostaddr=${host}&sslmode=verify-full&sslrootcert=${encodeURIComponent(verified.file ?? 'system')}`,
  ].filter(Boolean).join('&');
}

/** What Microsoft's drivers, and Prisma, read. */
function propertiesOf({ database, user, password }: UrlParts): string[] {
  return Object.entries({ database, user, password }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${inBraces(value)}`]));
}

function inBraces(value: string): string {
  return /^[\w.@-]*$/.test(value) ? value : `{${value.replaceAll('}', '}}')}}`;
}
