import { Problem } from '../../problem';
import type { CheckedTarget } from '../../tunnel/tunnel';
import { urlPartsOf } from '../child-environment';
import { withTarget } from '../choose-target';
import { type Call, type Command, COMMON_FLAGS, OPENING_FLAGS } from '../command';
import { urlOf } from '../endpoint';
import { LOGIN_FLAGS, loginRequest, logInTo, refuseBadLogin } from '../login';
import { openOrLeaveNothing } from '../opening';
import { tunnelRequest } from '../request';
import { interruptible } from '../signals';

export const url: Command = {
  name: 'url',
  synopsis: '[target]',
  summary: 'Open a tunnel, or reuse it, and print a URL for a GUI or a script',
  flags: [...OPENING_FLAGS, ...LOGIN_FLAGS, 'show-password', ...COMMON_FLAGS],
  async run(asked) {
    refuseBadLogin(asked);
    const call = await withTarget(asked);
    const request = tunnelRequest(call);
    const { checkLogin } = await call.loadTunnels();
    const shows = call.flags['show-password'] ?? false;
    // Without it there is nothing to fetch; who logs in may still be known.
    const loggingIn: Call = shows ? call : { ...call, flags: { ...call.flags, auth: 'none' } };
    const check = (target: CheckedTarget): void => checkLogin(target, loginRequest(call, target.engine, 'prefer'));
    return interruptible(async (signal) => {
      const tunnel = await openOrLeaveNothing(call, { ...request, check }, signal);
      const through = await logInTo(loggingIn, tunnel, false, signal);
      const { user, password } = through.login;
      const { host, port, engine, remote } = tunnel;
      const printed = urlOf(tunnel, { ...urlPartsOf(through), user, password });
      if (printed === undefined && !call.flags.json) throw withoutUrl(engine);
      if (password !== undefined) call.output.log.warn('the password is on the screen now, or wherever stdout leads to');
      const { database = tunnel.database } = through.login;
      call.output.result(printed ?? '', { url: printed, engine, host, port, user, password, database, tls: through.tls, overTls: through.overTls, remoteHost: remote.host });
      return 0;
    });
  },
};

function withoutUrl(engine: string): Problem {
  return new Problem('USAGE', `there is no usual form of a URL to ${engine}`, { next: 'add --json: it prints the parts' });
}
