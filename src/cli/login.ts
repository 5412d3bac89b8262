import { readFileSync } from 'node:fs';
import { ENGINES, engineOf } from '../engines';
import { Problem } from '../problem';
import { reasonOf } from '../text';
import type { LoginRequest, OpenedTunnel, TlsMode } from '../tunnel';
import type { Through } from './child-environment';
import type { Call } from './command';
import type { FlagName } from './flags';

/** Flags of all that logs in. */
export const LOGIN_FLAGS: readonly FlagName[] = ['auth', 'user', 'database', 'tls', 'ca', 'insecure-tls'];

/** What can be seen to be wrong before anything is opened. @throws Problem USAGE */
export function refuseBadLogin({ flags: { auth, user, ca, tls, 'insecure-tls': insecure }, environment }: Call): void {
  const variables = new Set(Object.values(ENGINES).flatMap((engine) => engine.environment.user ?? []));
  if (auth === 'iam' && user === undefined && ![...variables].some((name) => environment[name])) {
    throw new Problem('USAGE', '--auth iam was given without a user', { next: 'add --user NAME' });
  }
  if (insecure && tls === 'verify-full') {
    throw new Problem('USAGE', '--tls verify-full and --insecure-tls were both given', { next: 'leave one of them out' });
  }
  if (ca !== undefined) refuseBadBundle(ca);
}

/** A tunnel alone logs in nowhere. What the environment or a project file says is meant for other commands. @throws Problem USAGE */
export function refuseLoginWithoutProgram({ name = '<target>', settings }: Call): void {
  const typed = LOGIN_FLAGS.find((flag) => settings[flag]?.source.kind === 'flag');
  if (typed === undefined) return;
  throw new Problem('USAGE', `--${typed} was given, and no command that logs in`, { next: `connect shell ${name}, connect url ${name} or connect ${name} -- <command>, with the same flags` });
}

function refuseBadBundle(ca: string): void {
  let text: string;
  try {
    text = readFileSync(ca, 'latin1');
  } catch (cause) {
    throw new Problem('USAGE', `--ca ${ca} cannot be read: ${reasonOf(cause)}`, { next: 'name a file of certificates', cause });
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new Problem('USAGE', `--ca ${ca} holds no certificate`, { next: 'name a file that has lines of -----BEGIN CERTIFICATE-----' });
  }
}

/** How to log in to a database of an engine. */
export function loginRequest({ flags, environment }: Call, engine: string, tls: TlsMode): LoginRequest {
  const names = engineOf(engine).environment;
  return {
    auth: flags.auth,
    user: flags.user ?? (names.user && environment[names.user] ? environment[names.user] : undefined),
    database: flags.database,
    ca: flags.ca,
    verify: tls === 'verify-full',
    insecure: flags['insecure-tls'] ?? false,
    hasPassword: names.password !== undefined && Boolean(environment[names.password]),
  };
}

/**
 * Logs in to the database of an open tunnel.
 * @param isVerified whether the database has to prove who it is, where it can and no flag says
 */
export async function logInTo(call: Call, tunnel: OpenedTunnel, isVerified: boolean, signal: AbortSignal): Promise<Through> {
  const { canVerifyTls, logIn, speaksTls } = await call.loadTunnels();
  const overTls = await speaksTls(tunnel, signal);
  const canVerify = !call.flags['insecure-tls'] && overTls !== false && canVerifyTls(tunnel.engine);
  const tls = call.flags.tls ?? (isVerified && canVerify ? 'verify-full' : 'prefer');
  return { tunnel, tls, overTls, login: await logIn(tunnel, loginRequest(call, tunnel.engine, tls), { ...call.context, signal }) };
}
