/** How one logs in to a database: by a token that IAM signs, by what a secret holds, or by nothing of ours. */
export const AUTHS = ['iam', 'secret', 'none'] as const;
export type Auth = typeof AUTHS[number];

/** As libpq has it: the database proves by TLS who it is, under its real name; or a client does at 127.0.0.1 what it does by itself. */
export const TLS_MODES = ['verify-full', 'prefer'] as const;
export type TlsMode = typeof TLS_MODES[number];

export interface LoginRequest {
  /** @default - iam where the descriptor says so and a user is known, else the secret that the descriptor names, else none */
  readonly auth?: Auth;
  /** @default - the secret's */
  readonly user?: string;
  /** @default - the descriptor's, else the secret's */
  readonly database?: string;
  /** A file of the certificates of those who are trusted to vouch for a database. @default - see `trustsFor` */
  readonly ca?: string;
  /** Whether the database has to prove by TLS who it is, also where there is no password to be sent. */
  readonly verify: boolean;
  /** Whether a password may be handed out without that proof. */
  readonly insecure: boolean;
  /** Whether the caller brings a password of its own: then none is fetched unless `auth` says so. */
  readonly hasPassword?: boolean;
}

/** What one logs in with. */
export interface Login {
  readonly auth: Auth;
  readonly user?: string;
  /** Secret: for the environment of a program that the user started, and for nothing else. */
  readonly password?: string;
  readonly database?: string;
  /** By whom the database was found to be who it says; undefined where nobody looked. */
  readonly trust?: Trust;
}

/** Whose word counts for who a database is. */
export interface Trust {
  /** @default - those whom Node trusts by itself */
  readonly file?: string;
}
