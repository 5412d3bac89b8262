import { connect } from 'node:net';
import { LOOPBACK } from '../tunnel';
import type { ProbeFunction } from './probe';

/** Longer than it takes a bastion to be refused and to say so. */
const SHORT_TIME = 1_000;

/** All one can say of an engine whose language we do not speak: it keeps the connection, or speaks. */
export const probeTcp: ProbeFunction = ({ port, signal }) => new Promise((resolve) => {
  const socket = connect({ host: LOOPBACK, port, signal });
  let timer: NodeJS.Timeout | undefined;
  const settle = (verdict: boolean) => {
    clearTimeout(timer);
    resolve(verdict);
    socket.destroy();
  };
  socket.on('connect', () => { timer = setTimeout(() => settle(true), SHORT_TIME); });
  socket.on('data', () => settle(true));
  socket.on('end', () => settle(false));
  socket.on('error', () => settle(false));
  socket.on('close', () => settle(false));
});
