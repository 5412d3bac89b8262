import { isFolder } from '../files';
import { Problem } from '../problem';
import type { Log } from '../tunnel';
import type { Call } from './command';
import type { Host } from './host';
import type { Named } from './named';
import type { Output } from './output';
import type { Typed } from './parse';
import { tunnelRequest } from './request';
import { findProjectFile } from './settings/find-project-file';
import { resolveSettings, type Said, toldFile, valuesOf } from './settings/resolve';

/** Whether somebody is there who can be asked, and wants more than a result. */
export function isAskable({ environment, stdin, stderr, loadPicker }: Host, { modes }: Output): boolean {
  return Boolean(loadPicker && stdin?.isTTY && stderr.isTTY) && !environment.CI && environment.TERM !== 'dumb' && !modes.json && !modes.quiet;
}

/**
 * What a command is handed, from what was typed and what there is around it.
 * @throws Problem (USAGE)
 */
export function callOf({ command, targets, flags, childCommand }: Typed, host: Host, output: Output): Call {
  const { environment, loadTunnels, loadPicker } = host;
  const said: Said = { command, flags, environment };
  const file = findProjectFile(toldFile(said));

  const callFor = (named: Named | undefined, log: Log, several: readonly Call[] = []): Call => {
    const settings = resolveSettings({ ...said, file }, named);
    const values = valuesOf(settings);
    const entry = named && file?.targets.get(named.name);
    return {
      target: entry ? entry.target : named?.name,
      name: named?.name,
      flags: values,
      settings,
      project: file,
      several,
      childCommand,
      environment,
      output,
      context: { aws: { region: values.region, profile: values.profile }, log },
      loadTunnels,
      loadPicker: isAskable(host, output) ? loadPicker : undefined,
      forTarget: (name) => callFor({ typed: name, name }, log),
    };
  };

  if (targets.length < 2) return callFor(targets[0], output.log);
  const several = targets.map((named) => callFor(named, logOf(named, output.log)));
  refuseSame(several);
  return callFor(undefined, output.log, several);
}

/** Which of several it is about. */
function logOf({ name }: Named, log: Log): Log {
  const about = (message: string): string => (message.includes(name) ? message : `${name}: ${message}`);
  return {
    debug: (message) => log.debug(about(message)),
    info: (message) => log.info(about(message)),
    warn: (message) => log.warn(about(message)),
    error: (message) => log.error(about(message)),
  };
}

/** Two of several must be neither one tunnel nor on one port or socket. */
function refuseSame(calls: readonly Call[]): void {
  const typed = calls.map(({ name }) => name).join(' ');
  const told = calls.find(({ settings: { port } }) => port?.value && (port.source.where === '--port' || port.source.kind === 'environment'));
  if (told) {
    const { where } = told.settings.port!.source;
    throw new Problem('USAGE', `${where} is for one tunnel, and ${calls.length} targets were named: ${typed}`, {
      next: `write each with its port: connect ${calls.map(({ name }, at) => `${name}=${15432 + at}`).join(' ')}`,
    });
  }
  const tunnels = calls.map(tunnelOf);
  calls.forEach((call, at) => {
    const other = calls[tunnels.indexOf(tunnels[at]!)]!;
    if (other !== call) throw new Problem('USAGE', `${other.name} and ${call.name} are the same tunnel`, { next: 'name each target once, or give each a port of its own' });
    const { port } = call.flags;
    const beside = port && calls.slice(0, at).find((before) => before.flags.port === port);
    if (beside) throw new Problem('USAGE', `${beside.name} and ${call.name} cannot both have port ${port}`, { next: `give each its own: connect ${beside.name}=${port} ${call.name}=${port + 1}` });
    const socket = call.flags['unix-socket'];
    const sharing = socket !== undefined && calls.slice(0, at).find((before) => before.flags['unix-socket'] === socket);
    if (sharing && !isFolder(socket)) {
      throw new Problem('USAGE', `${sharing.name} and ${call.name} cannot both have the socket ${socket}`, {
        next: 'name a folder of yours, in which each has one of its own, or open one after the other',
      });
    }
  });
}

/** What tells one tunnel from another. */
function tunnelOf(call: Call): string {
  const { into, role, prefix, port } = tunnelRequest(call);
  return JSON.stringify([into, role, prefix, port, call.context.aws]);
}
