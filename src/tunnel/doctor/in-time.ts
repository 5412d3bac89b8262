const UNITS: readonly (readonly [name: string, milliseconds: number])[] = [['days', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1_000]];

/** A duration in milliseconds, as a person takes it in at a glance: `12 s`, `3 h`. Never negative. */
export function inTime(milliseconds: number): string {
  const [name, size] = UNITS.find(([, each]) => milliseconds >= 2 * each) ?? UNITS.at(-1)!;
  return `${Math.max(0, Math.round(milliseconds / size))} ${name}`;
}
