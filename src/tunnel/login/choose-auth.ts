import { engineOf } from '../../engines';
import { Problem } from '../../problem';
import type { CheckedTarget } from '../tunnel';
import type { Auth, LoginRequest } from './login';

/** What is logged in with, and why, in words. */
export interface ChosenAuth {
  readonly auth: Auth;
  readonly why: string;
}

/**
 * How to log in: as asked, else as the descriptor says.
 * @throws Problem USAGE for what cannot be had of this target
 */
export function chooseAuth(target: CheckedTarget, request: LoginRequest): ChosenAuth {
  const { auth } = request;
  if (auth === undefined) return defaultAuth(target, request);
  if (auth === 'iam') refuseIam(target, request.user);
  if (auth === 'secret' && target.credentials?.secretArn === undefined) {
    throw new Problem('USAGE', `the descriptor of ${target.name} names no secret`, {
      next: 'pass credentialsSecret to its TunnelTarget and deploy, or log in in another way: --auth iam, --auth none',
    });
  }
  return { auth, why: 'as asked' };
}

/** Whether one can be logged in to a target as asked. @throws Problem USAGE where not */
export function checkLogin(target: CheckedTarget, request: LoginRequest): void {
  chooseAuth(target, request);
}

function defaultAuth({ engine, credentials }: CheckedTarget, { user, hasPassword }: LoginRequest): ChosenAuth {
  if (hasPassword) return { auth: 'none', why: 'since the environment has one' };
  const mayIam = credentials?.iam === true && engineOf(engine).takesIamToken === true;
  if (mayIam && user !== undefined) return { auth: 'iam', why: 'as the descriptor says' };
  if (credentials?.secretArn !== undefined) return { auth: 'secret', why: 'which the descriptor names' };
  return { auth: 'none', why: mayIam ? 'though IAM would do for a --user that the database knows' : 'as the descriptor names no credentials' };
}

function refuseIam({ name, engine }: CheckedTarget, user: string | undefined): void {
  if (engineOf(engine).takesIamToken !== true) {
    throw new Problem('USAGE', `--auth iam is for PostgreSQL and MySQL of RDS, and ${name} is ${engine}`, { next: 'use --auth secret or --auth none' });
  }
  if (user !== undefined) return;
  throw new Problem('USAGE', '--auth iam was given without a user', {
    next: 'add --user NAME: one that has the role rds_iam (PostgreSQL), or AWSAuthenticationPlugin (MySQL)',
  });
}
