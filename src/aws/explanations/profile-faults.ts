import { type Profile, type Profiles, readProfiles } from '../profiles';

const MOST_NAMES = 10;

/** A profile and those that it leads on to by `source_profile`. */
interface Chain {
  /** The last of them: where the way ends. */
  readonly name: string;
  readonly profile?: Profile;
  /** Whether it leads back to one of them. */
  readonly isCircle: boolean;
  readonly found: Profiles;
}

interface Fault {
  readonly is: (chain: Chain) => boolean;
  readonly what: (chain: Chain) => string;
  readonly next: (chain: Chain) => string;
}

/** What the SDK does not tell: it says that there are no credentials, and nothing of why. */
const FAULTS: readonly Fault[] = [
  {
    is: ({ profile, name }) => profile === undefined && name !== 'default',
    what: ({ name, found: { files } }) => `there is no profile "${name}" in ${files.join(' or ')}`,
    next: ({ name, found: { profiles } }) => (profiles.size === 0
      ? `aws configure sso --profile ${name}, or aws configure --profile ${name}`
      : `take one of those that there are (${namesOf(profiles)}), or: aws configure sso --profile ${name}`),
  },
  {
    is: ({ isCircle }) => isCircle,
    what: ({ name }) => `source_profile of profile "${name}" leads back to where it came from`,
    next: ({ name, found: { files } }) => `have one of them name its credentials: source_profile of [profile ${name}] in ${files[0]}`,
  },
  {
    is: ({ profile, found }) => profile?.sso_session !== undefined && !found.ssoSessions.has(profile.sso_session),
    what: ({ name, profile }) => `profile "${name}" names the SSO session "${profile!.sso_session}", and there is no such`,
    next: ({ profile, found: { files } }) => `aws configure sso-session (and name it ${profile!.sso_session}), or add [sso-session ${profile!.sso_session}] to ${files[0]}`,
  },
  {
    is: ({ profile }) => profile?.credential_process !== undefined,
    what: ({ name }) => `the program that profile "${name}" gets its credentials from (credential_process) failed, or printed none that are good`,
    next: ({ name }) => `run it by hand to see what it says: aws configure get credential_process --profile ${name}`,
  },
];

/** What is wrong with a profile in AWS's files, and what to type; undefined where nothing is to be seen. */
export function faultOf(profile: string): { readonly what: string; readonly next: string } | undefined {
  const chain = chainFrom(profile);
  const fault = FAULTS.find(({ is }) => is(chain));
  return fault && { what: fault.what(chain), next: fault.next(chain) };
}

function chainFrom(start: string): Chain {
  const found = readProfiles();
  const names = [start];
  for (;;) {
    const name = names.at(-1)!;
    const profile = found.profiles.get(name);
    const { source_profile: source, role_arn: role } = profile ?? {};
    // One that is its own source has its credentials beside the role.
    if (role === undefined || source === undefined || source === name) return { name, profile, found, isCircle: false };
    if (names.includes(source)) return { name, profile, found, isCircle: true };
    names.push(source);
  }
}

function namesOf(profiles: Profiles['profiles']): string {
  const names = [...profiles.keys()].sort();
  return [...names.slice(0, MOST_NAMES), ...(names.length > MOST_NAMES ? ['…'] : [])].join(', ');
}
