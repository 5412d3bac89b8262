import { askLine } from './line';
import { orTls } from './or-tls';

/** A Redis that answers says PONG to PING. One that wants a password first, or does not let anybody PING, answers too. */
export const askRedis = askLine({ say: 'PING', language: /^[+-]/, answer: /^(\+PONG|-NOAUTH|-NOPERM|-ERR)/ });

export const probeRedis = orTls(askRedis);
