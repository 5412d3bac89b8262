import assert from 'node:assert/strict';
import { PluginOutput } from '../../../src/tunnel/transport/plugin-output';
import { isFitForALog } from '../claims';
import type { Decoder } from '../decoder';

const OPENED = [
  '\nStarting session with SessionId: alice-0f3a\n', 'Port 43210 opened for sessionId alice-0f3a.', '\nWaiting for connections...\n',
  '\nConnection accepted for session [alice-0f3a]\n', 'Connection to destination port failed, check SSM Agent logs.\n',
].join('');

export const pluginOutput: Decoder = {
  name: 'output of the official client',
  seeds: [
    OPENED,
    `${OPENED}\n\nSessionId: alice-0f3a : Your session timed out due to inactivity and has been terminated.\n\n`,
    `${OPENED}Session: alice-0f3a timed out.\n`,
    'Cannot perform start session: listen tcp 127.0.0.1:15999: bind: address already in use\n',
    `${OPENED}\n\nExiting session with sessionId: alice-0f3a.\n\n`,
  ].map((text) => Buffer.from(text)),
  mayThrow: [],
  share: 700,
  start: () => ({
    decode(input, dice) {
      const output = new PluginOutput();
      for (const piece of dice.pieces(input)) {
        for (const event of output.push(piece.toString())) {
          if (event.type === 'port') assert.ok(event.port <= 99_999, `port ${event.port}`);
          if (event.type === 'session') isFitForALog(event.sessionId);
        }
      }
      if (output.farewell !== undefined) isFitForALog(output.farewell);
    },
  }),
};
