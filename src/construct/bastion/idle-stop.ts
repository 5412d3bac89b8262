import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';

/** The same from `src/` and from `lib/`. */
const SCRIPT = join(__dirname, '..', '..', '..', 'resources', 'idle-stop.sh');

const NAME = 'bastion-idle-stop';
const PROGRAM = `/usr/local/sbin/${NAME}`;

/** Whoever had it started needs some minutes to get a session through: it boots, its agent registers, and `connect` waits up to three minutes. */
const MIN_MINUTES = 5;

const TIMER = `\
[Unit]
Description=Look every minute whether a session is open

[Timer]
OnBootSec=1min
OnUnitActiveSec=1min
AccuracySec=1s

[Install]
WantedBy=timers.target
`;

/** It has to see the processes of others, and whose program they run; it may do little else but ask systemd to power off. */
const service = (minutes: number): string => `\
[Unit]
Description=Power the bastion off when no session has been open for a while

[Service]
Type=oneshot
ExecStart=${PROGRAM} ${minutes}
TimeoutStartSec=50s
SuccessExitStatus=SIGTERM
RuntimeDirectory=${NAME}
RuntimeDirectoryPreserve=yes
SyslogLevel=notice
LogLevelMax=notice
CapabilityBoundingSet=CAP_SYS_PTRACE CAP_SYS_BOOT
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateNetwork=yes
RestrictAddressFamilies=AF_UNIX
RestrictNamespaces=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
`;

/** @throws Error when a bastion cannot stop itself after this time. The value of a token could change and not replace it. */
export function checkIdleTimeout(idleTimeout: Duration): void {
  if (idleTimeout.isUnresolved()) throw new Error('idleTimeout cannot be a token: it is read once, when the instance is first started; pass a literal, such as Duration.minutes(30)');
  const minutes = idleTimeout.toMinutes({ integral: false });
  if (Number.isInteger(minutes) && minutes >= MIN_MINUTES) return;
  throw new Error(`idleTimeout ${idleTimeout.toHumanString()} cannot be used: it must be whole minutes, at least ${MIN_MINUTES}; pass Duration.minutes(30), for example`);
}

/** Has a Linux instance power itself off, which stops it, once no session has been open for this long. */
export function stopWhenIdle(userData: ec2.UserData, idleTimeout: Duration): void {
  userData.addCommands(
    ...writeFile(PROGRAM, readFileSync(SCRIPT, 'utf8')),
    `chmod 755 ${PROGRAM}`,
    ...writeFile(`/etc/systemd/system/${NAME}.service`, service(idleTimeout.toMinutes())),
    ...writeFile(`/etc/systemd/system/${NAME}.timer`, TIMER),
    `systemctl enable --now ${NAME}.timer`,
  );
}

/** Takes the text as it is, which ends with a newline. */
function writeFile(path: string, text: string): string[] {
  return [`cat > ${path} <<'END_OF_FILE'`, `${text}END_OF_FILE`];
}
