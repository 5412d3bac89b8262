import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { checkIdleTimeout, stopWhenIdle } from './idle-stop';
import type { TunnelBastionOptions } from './options';

/** After how long without a session it stops itself; undefined for one that never does. */
export function chooseIdleTimeout({ idleTimeout, alwaysOn, highAvailability }: TunnelBastionOptions): Duration | undefined {
  if (idleTimeout && alwaysOn) throw new Error('idleTimeout and alwaysOn cannot be used together: got both; pass one of them');
  if (idleTimeout && highAvailability) {
    throw new Error('idleTimeout and highAvailability cannot be used together: got both, and a group replaces an instance that powers itself off; leave out one of them');
  }
  if (alwaysOn || highAvailability) return undefined;
  const chosen = idleTimeout ?? Duration.minutes(30);
  checkIdleTimeout(chosen);
  return chosen;
}

/** What an instance does when it is first started: first what makes it a bastion, then what its image asks for. */
export function createUserData(image: ec2.MachineImageConfig, idleTimeout: Duration | undefined): ec2.UserData {
  const [shebang, ...commands] = scriptOf(image).split('\n');
  // The image's own is left as it is: other instances may share it.
  const userData = ec2.UserData.forLinux({ shebang });
  // Nobody logs in, by whatever way: not from within a forwarded port either. An image without sshd is as well.
  userData.addCommands('systemctl disable --now sshd.service || true');
  if (idleTimeout) stopWhenIdle(userData, idleTimeout);
  userData.addCommands(...commands);
  return userData;
}

function scriptOf({ osType, userData }: ec2.MachineImageConfig): string {
  if (osType === ec2.OperatingSystemType.WINDOWS) throw new Error('machineImage cannot be used: got one of Windows; pass one of Linux');
  const script = userData.render();
  if (/^#!.*sh\b/.test(script)) return script;
  throw new Error(`the user data of machineImage cannot be used: it must be a shell script, but begins with "${script.split('\n')[0]}"; pass user data that begins with "#!/bin/bash"`);
}
