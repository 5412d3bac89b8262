export { META_VERSION, type TunnelMeta } from './meta';
export { openStore, type Store, type TunnelPaths, type TunnelRecord, type UnreadableFile } from './store';
