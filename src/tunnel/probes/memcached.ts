import { askLine } from './line';
import { orTls } from './or-tls';

const LINE = /^(VERSION|ERROR|CLIENT_ERROR|SERVER_ERROR)/;

/** A Memcached that answers says its version, or what it has against being asked. */
export const probeMemcached = orTls(askLine({ say: 'version', language: LINE, answer: LINE }));
