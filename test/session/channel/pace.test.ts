import { type Objection, Pace } from '../../../src/session/channel/pace';

/** A pace on a clock that is driven by hand, with always more to send than it lets through. */
class Road {
  now = 1_000;
  private readonly pace: Pace;

  constructor(ceiling: number) {
    this.pace = new Pace(ceiling);
    // What may leave at once after a rest has left.
    this.go(1);
  }

  /** Lets so many seconds pass with timers that fire every so many milliseconds, and gives the packets that left in each. */
  go(seconds: number, step = 1): number {
    let packets = 0;
    for (const end = this.now + seconds * 1_000; this.now < end; this.now += step) {
      for (; this.pace.delay(this.now) === 0; packets++) this.pace.spend();
    }
    return packets / seconds;
  }

  rest(seconds: number): void {
    this.now += seconds * 1_000;
  }

  object(objection: Objection): number | undefined {
    return this.pace.slowDown(objection, this.now);
  }

  /** Objects at once after every second with packets. */
  objectAgainAndAgain(objection: Objection, times: number): void {
    for (let n = 0; n < times; n++) {
      this.go(1);
      this.object(objection);
    }
  }

  hold(): void {
    this.pace.hold(this.now);
  }

  release(): void {
    this.pace.release();
  }
}

test.each([1, 5, 15, 35])('loses nothing of the pace to timers that fire every %d ms', (step) => {
  const road = new Road(900);
  expect(road.go(30, step)).toBeGreaterThan(0.997 * 900);
  expect(road.go(30, step)).toBeLessThan(1.003 * 900);
});

test.each([
  ['pause', 450, 50], ['hang-up', 450, 200], ['loss', 630, 300],
] as const)('%s: down to %d at once, and to %d at the lowest', (objection, once, lowest) => {
  const road = new Road(900);
  expect(road.object(objection)).toBeCloseTo(once);
  expect(road.go(4)).toBeCloseTo(once, -1);
  road.objectAgainAndAgain(objection, 20);
  expect(road.go(4)).toBeCloseTo(lowest, -1);
});

test('a ceiling below the lowest pace stays where it is', () => {
  const road = new Road(20);
  expect(road.object('hang-up')).toBeUndefined();
  expect(road.go(20)).toBeCloseTo(20, 0);
});

test('objections to the same packets count once', () => {
  const road = new Road(900);
  road.object('pause');
  expect(road.object('hang-up')).toBeUndefined();
  road.go(0.9);
  expect(road.object('loss')).toBeUndefined();
  road.go(0.2);
  expect(road.object('loss')).toBeDefined();
});

test.each(['hang-up', 'loss'] as const)('%s is nobody\'s fault while hardly anything is sent', (objection) => {
  const road = new Road(900);
  road.rest(3);
  expect(road.object(objection)).toBeUndefined();
  expect(road.object('pause')).toBeDefined();
});

test('without a ceiling nothing makes it slower, but it can be held', () => {
  const pace = new Pace(Infinity);
  expect(pace.slowDown('pause', 5_000)).toBeUndefined();
  expect(pace.delay(5_000)).toBe(0);
  pace.hold(5_000);
  expect(pace.delay(5_001)).toBeGreaterThan(0);
});

test('recovers evenly after a calm, nearly to where it was objected to, and minutes later to its ceiling', () => {
  const road = new Road(900);
  road.object('hang-up');
  expect(road.go(5)).toBeCloseTo(450, -1);
  const rates = Array.from({ length: 20 }, () => road.go(1));
  const steps = rates.slice(1).map((rate, at) => rate - rates[at]!);
  for (const step of steps) expect(step).toBeCloseTo(15, -1);
  road.go(10);
  expect(road.go(200, 5)).toBeCloseTo(810, 0);
  road.go(100, 5);
  expect(road.go(10)).toBeCloseTo(900, 0);
});

test('recovers while nothing is sent, too', () => {
  const road = new Road(900);
  road.objectAgainAndAgain('pause', 10);
  road.rest(600);
  expect(road.go(10)).toBeCloseTo(900, -1);
});

test.each([1_000, 600, 2_500])('settles under a limit of %d that nobody has told it', (limit) => {
  const road = new Road(3_000);
  let objections = 0;
  // As the service is reported to do it: two seconds above the limit, and it hangs up.
  const until = (seconds: number) => {
    for (let second = 0, over = 0; second < seconds; second++) {
      over = road.go(1, 5) > limit ? over + 1 : 0;
      if (over < 2) continue;
      over = 0;
      objections++;
      road.object('hang-up');
    }
  };
  until(120);
  expect(objections).toBeLessThanOrEqual(6);
  objections = 0;
  until(120);
  expect(objections).toBe(0);
  expect(road.go(10)).toBeGreaterThan(limit / 2);
});

test('holds until it is released', () => {
  const road = new Road(900);
  road.hold();
  expect(road.go(2)).toBe(0);
  road.release();
  expect(road.go(2)).toBeGreaterThan(890);
});

test('holds for some seconds at most, however often it is asked meanwhile', () => {
  const road = new Road(900);
  for (let second = 0; second < 5; second++) {
    road.hold();
    expect(road.go(1)).toBe(0);
  }
  expect(road.go(1)).toBeGreaterThan(0);
});

test('a repeated packet may leave while new ones are held', () => {
  const pace = new Pace(900);
  pace.hold(1_000);
  expect(pace.delay(1_000)).toBeGreaterThan(0);
  expect(pace.allowsRepeat(1_000)).toBe(true);
});
