import { inTime } from '../../../src/tunnel/doctor/in-time';

test.each([[0, '0 s'], [-5000, '0 s'], [12_400, '12 s'], [119_000, '119 s'], [600_000, '10 min'], [3 * 3_600_000, '3 h'], [50 * 3_600_000, '2 days']])(
  '%d ms are %s', (milliseconds, words) => {
    expect(inTime(milliseconds)).toBe(words);
  });
