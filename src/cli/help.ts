const EXAMPLES = `  connect ahbodedb --port 15432      open a tunnel, or reuse it; prints 127.0.0.1:15432
  connect ahbodedb -- psql           run a command with PGHOST, PGPORT, DATABASE_URL set
  connect status ahbodedb            is it open?
  connect close ahbodedb             close it`;

const SUMMARY = 'connect: a tunnel to a private database, by its name.';

/** What stands above the lists of commands and flags. */
export const USAGE = `${SUMMARY}

${EXAMPLES}

Usage: connect <target> [flags]`;

/** For who typed `connect` and nothing else. */
export const CONCISE_HELP = `${SUMMARY}

${EXAMPLES}

\`connect targets\` lists the targets there are, \`connect --help\` all commands and flags.`;

export const EPILOGUE = `Every flag but --all and --stop-bastion has an environment variable, CONNECT_<FLAG>: CONNECT_PORT, CONNECT_ROLE. Flags win.

Exit codes: 0 done, 1 unexpected, 2 usage, 3 not found, 4 port taken, 5 bastion did not come up, 6 no session,
7 database does not answer, 8 credentials, 9 tunnel is closed, 129, 130 and 143 hung up, interrupted, terminated;
after -- those of the command.`;
