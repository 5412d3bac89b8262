import { shown } from '../../descriptor';
import { firstMismatch, isFlag, isText, isTexts, optional, type Shape, wholeFrom } from '../store/shape';
import { TARGET } from '../store/target-shape';
import { BOUNDS } from '../tunnel';
import type { ControlRequest, UseRequest } from './protocol';

const USE: { readonly [key in keyof Omit<UseRequest, 'op'>]-?: Shape } = {
  target: TARGET,
  caller: optional({ profile: optional(isText), environment: isTexts }),
  lanes: optional(wholeFrom(...BOUNDS.lanes)),
  packetsPerSecond: optional(wholeFrom(...BOUNDS.packetsPerSecond)),
  shared: optional(isFlag),
};
const CLOSE: Shape = { drain: optional(wholeFrom(0, BOUNDS.drain[1] * 1000)) };
const HOLD: Shape = { thenClose: optional(isFlag) };
const LISTEN: Shape = { socket: isText };
const SHAPES: Readonly<Record<ControlRequest['op'], Shape>> = { status: {}, watch: {}, close: CLOSE, hold: HOLD, listen: LISTEN, use: USE };

/** Reads what a worker is asked for. @throws Error that names what is not as it should be, and never what it is: it may be a secret */
export function readRequest(line: string): ControlRequest {
  const request = parse(line);
  const { op } = request;
  if (typeof op !== 'string' || !Object.hasOwn(SHAPES, op)) throw new Error(`${shown(op)} is nothing that a worker does`);
  const mismatch = firstMismatch(request, SHAPES[op as ControlRequest['op']]);
  if (mismatch !== undefined) throw new Error(`the request's "${mismatch}" is not as it should be`);
  return request as unknown as ControlRequest;
}

function parse(line: string): Record<string, unknown> {
  try {
    const request: unknown = JSON.parse(line);
    if (typeof request === 'object' && request !== null) return request as Record<string, unknown>;
  } catch {
    // Falls through to the error below, which says the same of both.
  }
  throw new Error('the request is no JSON object');
}
