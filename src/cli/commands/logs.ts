import { Problem } from '../../problem';
import { type Command, COMMON_FLAGS } from '../command';
import { nameOf, requiredTunnelFilter } from '../request';

export const logs: Command = {
  name: 'logs',
  synopsis: '[target]',
  summary: "Print what a tunnel's worker has to say",
  flags: ['port', 'role', 'region', 'profile', 'bastion', 'cluster', ...COMMON_FLAGS],
  async run(call) {
    const filter = requiredTunnelFilter('logs', call);
    const { readTunnelLog } = await call.loadTunnels();
    const found = await readTunnelLog(filter);
    if (found.length === 0) {
      throw new Problem('NOT_FOUND', `${nameOf(filter)} has no log: no tunnel of it is open`, { next: '`connect list` shows what is open' });
    }
    const text = found.map(({ path, lines }) => [...(found.length > 1 ? [`==> ${path} <==`] : []), ...lines].join('\n')).join('\n\n');
    call.output.result(text, { logs: found });
    return 0;
  },
};
