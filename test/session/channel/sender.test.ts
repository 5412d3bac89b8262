import * as fc from 'fast-check';
import { type Objection } from '../../../src/session/channel/pace';
import { Sender } from '../../../src/session/channel/sender';
import { encodeAcknowledgement } from '../../../src/session/wire/acknowledgement';
import { decodeMessage, PAYLOAD_TYPES } from '../../../src/session/wire/message';

const WINDOW = 2_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

interface Far {
  /** Whether the n-th frame, or the n-th acknowledgement, gets lost. */
  readonly losesFrame?: (n: number) => boolean;
  readonly losesAcknowledgement?: (n: number) => boolean;
  readonly roundTrip?: number | (() => number);
  readonly packetsPerSecond?: number;
}

/** A sender, so many numbered packets to send, and a far side on a faked clock. */
function lab(packets: number, far: Far = {}) {
  const { losesFrame = () => false, losesAcknowledgement = () => false, roundTrip = 20, packetsPerSecond = Infinity } = far;
  const arrived: number[] = [];
  const sentAt: number[] = [];
  const carrier = {
    isReady: true,
    send: (frame: Buffer) => {
      sentAt.push(performance.now());
      const message = decodeMessage(frame);
      if (losesFrame(sentAt.length)) return;
      arrived.push(message.sequence);
      if (losesAcknowledgement(arrived.length)) return;
      setTimeout(() => sender.acknowledge(message.sequence), typeof roundTrip === 'number' ? roundTrip : roundTrip());
    },
  };
  let given = 0;
  const slower: [Objection, number][] = [];
  const source = () => (given < packets ? Buffer.from([given++ % 256]) : undefined);
  const sender = new Sender(carrier, source, packetsPerSecond, (...why) => slower.push(why));
  /** How many a second were sent in the next so many seconds. */
  const rate = (seconds: number) => {
    const before = sentAt.length;
    jest.advanceTimersByTime(seconds * 1_000);
    return (sentAt.length - before) / seconds;
  };
  return { sender, carrier, arrived, sentAt, slower, rate, given: () => given, timers: () => jest.getTimerCount() };
}

test('everything arrives, whatever is lost, and then nothing is sent any more', () => {
  const losses = fc.array(fc.boolean(), { minLength: 20, maxLength: 80 }).filter((fates) => fates.includes(false));
  fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), losses, losses, (packets, frameFates, ackFates) => {
    const { sender, arrived, timers } = lab(packets, {
      losesFrame: (n) => frameFates[n % frameFates.length]!,
      losesAcknowledgement: (n) => ackFates[n % ackFates.length]!,
    });
    sender.pump();
    jest.advanceTimersByTime(20 * 60_000);
    expect([...new Set(arrived)].sort((a, b) => a - b)).toEqual([...Array(packets).keys()]);
    expect(timers()).toBe(0);
  }), { numRuns: 30 });
});

test('repeats nothing on a good path', () => {
  const { sender, sentAt } = lab(5_000, { roundTrip: 80 });
  sender.pump();
  jest.advanceTimersByTime(10_000);
  expect(sentAt).toHaveLength(5_000);
});

test.each([[300, 1.06], [600, 1.15]])('a path slower than the first time-out (%d ms) is learnt, not flooded', (roundTrip, atMost) => {
  const { sender, sentAt } = lab(400, { roundTrip, packetsPerSecond: 100 });
  sender.pump();
  jest.advanceTimersByTime(30_000);
  expect(sentAt.length / 400).toBeLessThan(atMost);
});

test('a slow path is not taken for a fast one because messages were sent twice', () => {
  const { sender, sentAt } = lab(0, { roundTrip: 250 });
  for (let seconds = 0; seconds < 50; seconds++) {
    sender.send(PAYLOAD_TYPES.OUTPUT, Buffer.from('x'));
    jest.advanceTimersByTime(1_000);
  }
  expect(sentAt.length).toBeLessThan(55);
});

test('a lost message is repeated within a few round trips', () => {
  const { sender, arrived, sentAt } = lab(100, { roundTrip: 20, packetsPerSecond: 50, losesFrame: (n) => n === 90 });
  sender.pump();
  jest.advanceTimersByTime(10_000);
  const lost = 89;
  expect(arrived.indexOf(lost)).toBeGreaterThan(lost);
  expect(sentAt[arrived.indexOf(lost) + 1]! - sentAt[lost]!).toBeLessThan(150);
});

test('has a window of messages on their way at most', () => {
  const { sender, given } = lab(10_000, { losesAcknowledgement: () => true });
  sender.pump();
  jest.advanceTimersByTime(5_000);
  expect(given()).toBe(WINDOW);
});

test.each([900, 45_000])('keeps a pace of %d packets a second, late timers or not', (packetsPerSecond) => {
  const { sender, sentAt } = lab(10 * packetsPerSecond, { roundTrip: 5, packetsPerSecond });
  sender.pump();
  jest.advanceTimersByTime(2_000);
  expect(sentAt.length / 2).toBeGreaterThan(0.97 * packetsPerSecond);
  expect(sentAt.length / 2).toBeLessThan(1.03 * packetsPerSecond);
});

test('repeated packets count for the pace, and go before new ones', () => {
  const { sender, sentAt, arrived } = lab(50_000, { roundTrip: 20, packetsPerSecond: 900, losesFrame: (n) => n % 4 === 0 });
  sender.pump();
  jest.advanceTimersByTime(10_000);
  expect(sentAt.length).toBeLessThan(10 * 900 * 1.03);
  const oldestMissing = [...Array(50_000).keys()].find((sequence) => !arrived.includes(sequence))!;
  expect(Math.max(...arrived) - oldestMissing).toBeLessThan(WINDOW / 2);
});

test('a pause holds what is new and not what is repeated, and ends when the service says so', () => {
  const { sender, rate, sentAt, slower } = lab(50_000, { packetsPerSecond: 900, losesFrame: (n) => n === 900 });
  sender.pump();
  while (sentAt.length < 900) jest.advanceTimersByTime(1);
  sender.pause();
  expect(rate(2) * 2).toBe(1);
  sender.start();
  expect(rate(2)).toBeCloseTo(450, -2);
  expect(slower).toEqual([['pause', 450]]);
});

test('a pause that nobody ends is over after some seconds', () => {
  const { sender, rate } = lab(50_000, { packetsPerSecond: 900 });
  sender.pump();
  rate(1);
  sender.pause();
  expect(rate(4)).toBe(0);
  expect(rate(3)).toBeGreaterThan(200);
});

test('a pause does not outlive the carrier that it came by', () => {
  const { sender, rate } = lab(50_000, { packetsPerSecond: 900 });
  sender.pump();
  rate(1);
  sender.pause();
  sender.repeatAll();
  expect(rate(1)).toBeGreaterThan(400);
});

test('goes slower, and says so once, when the service hangs up on a busy sender; and not on an idle one', () => {
  const { sender, rate, slower } = lab(5_000, { packetsPerSecond: 900 });
  sender.pump();
  rate(2);
  for (let times = 0; times < 3; times++) sender.hungUp();
  expect(rate(2)).toBeCloseTo(450, -2);
  rate(60);
  expect(rate(2)).toBe(0);
  sender.hungUp();
  expect(slower).toEqual([['hang-up', 450]]);
});

test.each([
  ['every 6th packet is lost', 6, 1_000, true], ['one in 200 is lost', 200, 1_000, false], ['one is lost', Infinity, 1_000, false],
])('%s: goes slower only where that is much', (_, each, after, isSlower) => {
  const { sender, rate, slower } = lab(50_000, { packetsPerSecond: 900, losesFrame: (n) => n === after || n % each === 0 });
  sender.pump();
  rate(20);
  expect(slower.length > 0).toBe(isSlower);
  expect(rate(10)).toBeGreaterThan(isSlower ? 290 : 890);
});

test('a path that stands still for a moment has lost nothing', () => {
  let goesOnAt = 0;
  const { sender, rate, slower } = lab(50_000, { packetsPerSecond: 900, roundTrip: () => 20 + Math.max(0, goesOnAt - performance.now()) });
  sender.pump();
  for (let times = 0; times < 5; times++) {
    rate(2);
    goesOnAt = performance.now() + 800;
  }
  expect(rate(10)).toBeGreaterThan(800);
  expect(slower).toEqual([]);
});

test('sends nothing to a carrier that is not ready, and all of it when another comes', () => {
  const { sender, carrier, sentAt, arrived } = lab(10);
  carrier.isReady = false;
  sender.send(PAYLOAD_TYPES.FLAG, Buffer.alloc(4));
  sender.pump();
  jest.advanceTimersByTime(60_000);
  expect(sentAt).toEqual([]);
  carrier.isReady = true;
  sender.repeatAll();
  jest.advanceTimersByTime(0);
  expect(arrived).toEqual([...Array(11).keys()]);
});

test('what was on its way goes out again at once on another carrier, all of it', () => {
  const { sender, carrier, arrived } = lab(WINDOW, { roundTrip: 60_000 });
  sender.pump();
  carrier.isReady = false;
  jest.advanceTimersByTime(5_000);
  arrived.length = 0;
  carrier.isReady = true;
  sender.repeatAll();
  jest.advanceTimersByTime(500);
  expect(new Set(arrived).size).toBe(WINDOW);
});

test('an acknowledgement that comes late, for what another carrier took, tells nothing of the time it takes', () => {
  const { sender, carrier, arrived, sentAt } = lab(60, { roundTrip: 50, packetsPerSecond: 20, losesFrame: (n) => n === 60 });
  sender.send(PAYLOAD_TYPES.OUTPUT, Buffer.from('x'));
  carrier.isReady = false;
  sender.repeatAll();
  jest.advanceTimersByTime(60);
  carrier.isReady = true;
  sender.pump();
  jest.advanceTimersByTime(20_000);
  expect(sentAt).toHaveLength(62);
  expect(sentAt[arrived.indexOf(59) + 1]! - sentAt[59]!).toBeLessThan(300);
});

test('the last message is followed by nothing, and is known to have arrived', async () => {
  const { sender, arrived, carrier } = lab(10);
  carrier.isReady = false;
  sender.pump();
  carrier.isReady = true;
  const finished = sender.finish(PAYLOAD_TYPES.FLAG, Buffer.alloc(4));
  sender.pump();
  jest.advanceTimersByTime(20);
  await finished;
  expect(arrived).toEqual([0]);
});

test('a sender that was stopped has no timers left', () => {
  const { sender, timers } = lab(10_000, { losesFrame: () => true, packetsPerSecond: 100 });
  sender.pump();
  expect(timers()).toBeGreaterThan(0);
  sender.stop();
  expect(timers()).toBe(0);
});

test('fails when ever more is asked of it, and nothing is acknowledged', () => {
  const { sender } = lab(0, { losesAcknowledgement: () => true });
  const answer = () => sender.send(PAYLOAD_TYPES.HANDSHAKE_RESPONSE, Buffer.from('{}'));
  for (let times = 0; times < 2 * WINDOW; times++) answer();
  expect(answer).toThrow('the agent leaves 4000 messages unacknowledged');
});

test('ignores an acknowledgement of what it never sent', () => {
  const { sender, arrived } = lab(3);
  sender.acknowledge(77);
  sender.pump();
  jest.advanceTimersByTime(1_000);
  expect(arrived).toEqual([0, 1, 2]);
  expect(decodeMessage(encodeAcknowledgement({ type: 'x', id: '', sequence: 1 })).sequence).toBe(0);
});
