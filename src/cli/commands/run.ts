import type { CheckedTarget } from '../../tunnel/tunnel';
import { runChild } from '../child';
import { environmentThrough, type Through } from '../child-environment';
import { withTarget } from '../choose-target';
import type { Call } from '../command';
import { loginRequest, logInTo, refuseBadLogin } from '../login';
import { letGo, openOrLeaveNothing } from '../opening';
import { tunnelRequest } from '../request';
import { interruptible } from '../signals';

/** What is run through a tunnel. */
export interface Program {
  /** Whether the database has to prove who it is, where no flag says. @default false */
  readonly isVerified?: boolean;
  /** Its name and arguments. */
  command(through: Through): readonly string[];
  /** Looked at before anything is opened. @throws Problem USAGE where the target is none for it */
  check?(target: CheckedTarget): void;
  /** How to get it. @default - that is for whoever named it to know */
  install?(through: Through): string | undefined;
}

/** Runs a program that has the endpoint, and what to log in with, in its environment. Its exit code is ours. */
export async function runThrough(asked: Call, { command, isVerified = false, check, install }: Program): Promise<number> {
  refuseBadLogin(asked);
  const call = await withTarget(asked);
  const { checkLogin } = await call.loadTunnels();
  const request = {
    ...tunnelRequest(call),
    hold: { thenClose: call.flags.close ?? false },
    check(target: CheckedTarget): void {
      check?.(target);
      checkLogin(target, loginRequest(call, target.engine, 'prefer'));
    },
  };
  const tunnel = await interruptible((signal) => openOrLeaveNothing(call, request, signal));
  try {
    const through = await interruptible((signal) => logInTo(call, tunnel, isVerified, signal));
    call.output.end();
    return await runChild(command(through), environmentThrough(through, call.environment), install?.(through));
  } finally {
    await letGo(call, tunnel);
  }
}
