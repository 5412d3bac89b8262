import type { Decoder } from '../decoder';
import { controlLine, controlRequest } from './control';
import { descriptor, metaFile } from './files';
import { handshakeComplete, handshakeRequest } from './handshake';
import { acknowledgement, agentMessage } from './message';
import { pluginOutput } from './plugin-output';
import { probes } from './probes';
import { wholeSession } from './session';
import { smuxClient, smuxParser } from './smux';
import { streamUrl, tokenFrame } from './ticket';

/** Everything that reads what somebody else wrote. */
export const DECODERS: readonly Decoder[] = [
  agentMessage, acknowledgement, smuxParser, smuxClient, handshakeRequest, handshakeComplete, streamUrl, tokenFrame, wholeSession,
  controlLine, controlRequest, descriptor, metaFile, pluginOutput, ...probes,
];

/** How many of a number of inputs each is given. */
export function inputsFor({ share }: Decoder, total: number): number {
  const all = DECODERS.reduce((sum, decoder) => sum + decoder.share, 0);
  return Math.ceil((total * share) / all);
}
