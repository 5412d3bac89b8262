import { DEFAULT_PREFIX } from '../../descriptor';
import { Problem } from '../../problem';
import type { TunnelFilter, TunnelView } from '../../tunnel/tunnel';
import { type Call, type Command, COMMON_FLAGS } from '../command';
import { endpointOf } from '../endpoint';
import { errorLines } from '../errors';
import { drainingOf, nameOf, requiredTunnelFilter, tunnelFilter } from '../request';

interface StoppedBastion { readonly instanceId: string; readonly status: string }

/** Which bastions were stopped, and why others were not. */
interface Stopping { readonly bastions?: readonly StoppedBastion[]; readonly problems: readonly Problem[] }

export const close: Command = {
  name: 'close',
  synopsis: '[target]',
  summary: 'Close a tunnel, or all of them',
  flags: ['all', 'stop-bastion', 'drain', 'port', 'role', 'region', 'profile', 'bastion', 'cluster', 'prefix', ...COMMON_FLAGS],
  looksAtOpen: true,
  async run(call) {
    const filter = whatToClose(call);
    const { closeTunnels } = await call.loadTunnels();
    const closed = await closeTunnels(filter, call.context, drainingOf(call));
    const nothing = call.flags.all ? 'no tunnel was open' : `${nameOf(filter)} was closed already`;
    if (closed.length === 0) call.output.remark(nothing);
    const { bastions, problems }: Stopping = call.flags['stop-bastion'] ? await stopBastions(call, closed) : { problems: [] };
    if (problems.length > 0 && closed.length === 0 && bastions?.length === 0) throw problems[0];
    call.output.result(
      [
        ...closed.map((tunnel) => `closed ${tunnel.name} (${tunnel.role}) ${endpointOf(tunnel)}`),
        ...(bastions ?? []).map(({ instanceId, status }) => `bastion ${instanceId} is ${status}`),
      ].join('\n'),
      { closed, bastions, ...(problems.length > 0 && { problems }) },
    );
    if (!call.flags.json) for (const problem of problems) call.output.failure(errorLines(problem));
    return problems[0]?.exit ?? 0;
  },
};

function whatToClose(call: Call): TunnelFilter {
  if (!call.flags.all) return requiredTunnelFilter('close', call);
  if (call.target !== undefined) {
    throw new Problem('USAGE', `target "${call.target}" and --all were both given`, { next: `connect close ${call.target}, or connect close --all` });
  }
  return tunnelFilter(call);
}

/** Of the tunnels that were closed; where none was open, of the target or by its tag. One that cannot be stopped does not keep the others up. */
async function stopBastions(call: Call, closed: readonly TunnelView[]): Promise<Stopping> {
  const { stopBastion } = await call.loadTunnels();
  const perBastion = new Map(closed.map((tunnel) => [`${tunnel.account}/${tunnel.region}/${tunnel.bastion.instanceId}`, tunnel]));
  const inputs = closed.length > 0 ? [...perBastion.values()].map((tunnel) => ({ tunnel })) : bastionsByName(call);
  const bastions: StoppedBastion[] = [];
  const problems: Problem[] = [];
  for (const input of inputs) {
    try {
      bastions.push(await stopBastion(input, call.context));
    } catch (error) {
      if (!Problem.is(error)) throw error;
      problems.push(error);
    }
  }
  return { bastions, problems };
}

function bastionsByName({ target, flags }: Call): ({ target: string; prefix: string } | { exid: string })[] {
  if (target !== undefined) return [{ target, prefix: flags.prefix ?? DEFAULT_PREFIX }];
  if (flags.bastion !== undefined) return [{ exid: flags.bastion }];
  if (flags.all) return [];
  throw new Problem('NOT_FOUND', 'no tunnel was open, so it is not known which bastion to stop', { next: 'connect close <target> --stop-bastion' });
}
