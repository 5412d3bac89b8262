import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The settings of a profile that lead on to where its credentials are. None of them is a credential. */
const SETTINGS = ['source_profile', 'credential_source', 'role_arn', 'sso_session', 'credential_process'] as const;

export type Profile = Partial<Record<typeof SETTINGS[number], string>>;

/** What the two files of AWS say, as far as it takes to tell what is wrong with a profile. */
export interface Profiles {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly ssoSessions: ReadonlySet<string>;
  /** Where they were looked for. */
  readonly files: readonly string[];
}

const SECTION = /^\s*\[\s*(?:(profile|sso-session|services)\s+)?["']?([^\]"']+?)["']?\s*\]/;
const SETTING = new RegExp(`^(${SETTINGS.join('|')})\\s*=\\s*(.*?)\\s*$`);

/** Reads the config and the credentials file anew. A file that cannot be read holds nothing. */
export function readProfiles(): Profiles {
  const folder = join(homedir(), '.aws');
  const config = process.env.AWS_CONFIG_FILE || join(folder, 'config');
  const credentials = process.env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials');
  const profiles = new Map<string, Profile>();
  const ssoSessions = new Set<string>();
  for (const [kind, name, settings] of [...sectionsOf(config, undefined), ...sectionsOf(credentials, 'profile')]) {
    if (kind === 'sso-session') ssoSessions.add(name);
    if (kind === 'profile') profiles.set(name, { ...profiles.get(name), ...settings });
  }
  return { profiles, ssoSessions, files: [config, credentials] };
}

/** @param kindOfAll of the sections that do not say what they are, but for the default */
function sectionsOf(path: string, kindOfAll: string | undefined): [kind: string | undefined, name: string, settings: Profile][] {
  const sections: [string | undefined, string, Record<string, string>][] = [];
  for (const line of textOf(path).split(/\r?\n/)) {
    const [, kind, name] = SECTION.exec(line) ?? [];
    if (name !== undefined) sections.push([kind ?? (name === 'default' ? 'profile' : kindOfAll), name, {}]);
    const [, key, value] = SETTING.exec(line) ?? [];
    if (key !== undefined && sections.length > 0) sections.at(-1)![2][key] = value!;
  }
  return sections;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
