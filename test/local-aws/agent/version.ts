/** Compares dotted versions number by number: below, at or above zero, as for a sort. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left.split('.').map(Number), right.split('.').map(Number)];
  const at = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => (a[i] ?? 0) - (b[i] ?? 0));
  return at.find((difference) => difference !== 0) ?? 0;
}
