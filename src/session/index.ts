export type { SessionGateway, SessionTicket, SigningCredentials } from './gateway';
export type { SessionLog } from './log';
export { HandshakeTimeout, openSession, type Session, type SessionOptions } from './session';
export type { SessionEnd } from './session-end';
