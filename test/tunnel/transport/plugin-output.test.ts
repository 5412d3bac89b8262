import * as fc from 'fast-check';
import { type PluginEvent, PluginOutput } from '../../../src/tunnel/transport/plugin-output';

/** What the official client prints, byte for byte: the line with the port has no end of its own. */
const OPENED = [
  '\nStarting session with SessionId: alice-0f3a\n',
  'Port 43210 opened for sessionId alice-0f3a.',
  '\nWaiting for connections...\n',
  '\nConnection accepted for session [alice-0f3a]\n',
  'Connection to destination port failed, check SSM Agent logs.\n',
].join('');

function events(pieces: string[]): PluginEvent[] {
  const output = new PluginOutput();
  return pieces.flatMap((piece) => output.push(piece));
}

const EXPECTED: PluginEvent[] = [{ type: 'session', sessionId: 'alice-0f3a' }, { type: 'port', port: 43210 }, { type: 'waiting' }, { type: 'refused' }];

test('reads session, port, readiness and a refused connection', () => {
  expect(events([OPENED])).toEqual(EXPECTED);
});

test('reads them however the output is cut', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: OPENED.length - 1 }), { maxLength: 12 }), (cuts) => {
    const edges = [0, ...[...cuts].sort((a, b) => a - b), OPENED.length];
    expect(events(edges.slice(1).map((edge, at) => OPENED.slice(edges[at], edge)))).toEqual(EXPECTED);
  }));
});

test.each([
  ['\n\nSessionId: alice-0f3a : Idle timeout\u001b[31m reached\n\n', 'Idle timeout [31m reached'],
  ['Session: alice-0f3a timed out.\n', 'Session: alice-0f3a timed out'],
  ['Cannot perform start session: listen tcp 127.0.0.1:15999: bind: address already in use\n', 'Cannot perform start session: listen tcp 127.0.0.1:15999: bind: address already in use'],
  ['\n\nExiting session with sessionId: alice-0f3a.\n\n', 'Exiting session with sessionId: alice-0f3a'],
])('knows why it ended from %j', (text, farewell) => {
  const output = new PluginOutput();
  output.push(OPENED);
  output.push(text);
  expect(output.farewell).toBe(farewell);
});
