export { Doorkeeper } from './doorkeeper';
export { HalfCloseWatch } from './half-close-watch';
