import path from 'node:path';

/** Where the SDK finds credentials. */
const CREDENTIAL_VARIABLES = [
  'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CREDENTIAL_EXPIRATION', 'AWS_CREDENTIAL_SCOPE', 'AWS_ACCOUNT_ID',
  'AWS_PROFILE', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN', 'AWS_ROLE_SESSION_NAME',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_AUTHORIZATION_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
] as const;

/** By what way AWS is reached, which a laptop changes with its place. */
const NETWORK_VARIABLES = [
  'HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy', 'AWS_CA_BUNDLE',
] as const;

const CALLER_VARIABLES = [...CREDENTIAL_VARIABLES, ...NETWORK_VARIABLES];

/** Files that the environment may name relative to our folder: the worker has another. */
const PATH_VARIABLES = [
  'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', 'AWS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS',
];

/** In whose name AWS is asked, and by what way. Secret: in memory, and on the control channel only. */
export interface Caller {
  readonly profile?: string;
  /** The variables that are set, of those that say so. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Who runs this process. */
export function thisCaller(profile: string | undefined): Caller {
  const environment = withWholePaths(process.env);
  const set = CALLER_VARIABLES.flatMap((name) => environment[name] ? [[name, environment[name]]] : []);
  return { profile, environment: Object.fromEntries(set) as Record<string, string> };
}

/** Whether the credentials are in the environment itself, and stay what they are however often one asks for them. */
export function hasFixedCredentials({ profile, environment }: Caller): boolean {
  return profile === undefined && !environment.AWS_PROFILE && Boolean(environment.AWS_ACCESS_KEY_ID);
}

export function isSameCaller(one: Caller, other: Caller): boolean {
  return one.profile === other.profile && CALLER_VARIABLES.every((name) => one.environment[name] === other.environment[name]);
}

/** From now on this process asks AWS with a caller's environment. */
export function takeEnvironmentOf({ environment }: Caller): void {
  // First all of them: to Windows two that differ in case are one.
  for (const name of CALLER_VARIABLES) delete process.env[name];
  for (const name of CALLER_VARIABLES.filter((each) => environment[each] !== undefined)) process.env[name] = environment[name];
}

/** An environment that means the same in another folder. */
export function withWholePaths(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const whole = { ...environment };
  for (const name of PATH_VARIABLES) {
    if (whole[name]) whole[name] = path.resolve(whole[name]);
  }
  return whole;
}
