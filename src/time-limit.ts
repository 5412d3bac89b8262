/**
 * A signal that is aborted, with a TimeoutError, when the time is over; or sooner, for the reason of another. In place of AbortSignal.timeout: Node 20
 * forgets such a one, and never aborts what waits for it, once garbage is collected and only AbortSignal.any knows of it. What somebody listens to is
 * not forgotten. Imports nothing.
 */
export function timeLimit(milliseconds: number, sooner?: AbortSignal): AbortSignal {
  // eslint-disable-next-line no-restricted-properties
  const over = AbortSignal.timeout(Math.ceil(milliseconds));
  over.addEventListener('abort', () => undefined, { once: true });
  return sooner ? AbortSignal.any([sooner, over]) : over;
}
