import { DEFAULT_PREFIX } from '../../descriptor';
import { type Command, COMMON_FLAGS } from '../command';
import { table } from '../output';

export const targets: Command = {
  name: 'targets',
  synopsis: '',
  summary: 'List the targets that have a descriptor in the account and region',
  flags: ['region', 'profile', 'prefix', ...COMMON_FLAGS],
  async run({ flags, output, context, loadTunnels }) {
    const prefix = flags.prefix ?? DEFAULT_PREFIX;
    const { listTargets } = await loadTunnels();
    const { targets: found, unreadable } = await listTargets({ prefix }, context);
    for (const { name, why } of unreadable) output.log.warn(`descriptor ${name} was left out: ${why}`);
    if (found.length === 0) output.remark(`no target has a descriptor under ${prefix}; deploy a TunnelableRdsCluster, or name its --prefix`);
    const rows = found.map((target) => [
      target.name, target.engine, target.port, target.roles.join(','), target.exid, `${target.account}/${target.region}`,
    ]);
    output.result(rows.length === 0 ? '' : table([['TARGET', 'ENGINE', 'PORT', 'ROLES', 'BASTION', 'ACCOUNT/REGION'], ...rows]), found);
    return 0;
  },
};
