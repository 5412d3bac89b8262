export { breakOff, reset } from './streams/break-off';
export type { SessionGateway, SessionTicket, SigningCredentials } from './gateway';
export type { SessionLog } from './log';
export type { HalfClosedPeer, WatchHalfClosed } from './streams/half-close';
export { HandshakeTimeout, openSession, type Session, type SessionOptions } from './session';
export type { SessionEnd } from './session-end';
