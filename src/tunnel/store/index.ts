export type { TunnelMeta } from './meta';
export { openStore, type Store, type TunnelRecord } from './store';
