export { defaultPortFor, findFreePort } from './find-free-port';
export { isPortInUse } from './is-port-in-use';
export { getPortOwner, type PortOwner } from './port-owner';
