/** `engines` in package.json says the same, which npm only warns of. */
export const OLDEST_NODE = [20, 16] as const;

/** Why this Node cannot run us, and what to type; nothing where it can. What we have is not loaded by then: it may not even be understood. */
export function refusalOf(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return undefined;
  return `error: Node ${version} is too old: connect needs ${OLDEST_NODE.join('.')} or newer\nnext:  install a newer one: https://nodejs.org\n`;
}
