/** What went one way through the gateway. Messages are sequenced data; the rest of the stream is acknowledgements. */
export interface LineCounters {
  messages: number;
  acks: number;
  /** Messages that came again, with a sequence number that had been seen. */
  resends: number;
  dropped: number;
  /** Of those dropped, the acknowledgements. */
  droppedAcks: number;
  duplicated: number;
  reordered: number;
  /** Frames for a client that was away. */
  lost: number;
}

function lineCounters(): LineCounters {
  return { messages: 0, acks: 0, resends: 0, dropped: 0, droppedAcks: 0, duplicated: 0, reordered: 0, lost: 0 };
}

/** What happened so far, in all sessions together. */
export class Counters {
  readonly toAgent = lineCounters();
  readonly toClient = lineCounters();
  /** WebSocket upgrades asked for; those turned away; those that carried no signature and were let in. */
  upgrades = 0;
  refusals = 0;
  unsigned = 0;
  tokensAccepted = 0;
  tokensRejected = 0;
  cuts = 0;
  /** What the limiter did: agents paused, clients closed. */
  pauses = 0;
  limited = 0;
  /** Frames of a client that are no message. */
  malformed = 0;
  /** Pings of clients, answered or not; and what came to sockets that were half open, or was meant for one. */
  pings = 0;
  silenced = 0;
}
