import { accessSync, constants } from 'node:fs';
import { Problem } from '../../../problem';
import { openStore } from '../../store';
import { fileProblem } from '../../store/file-problem';
import type { Finding } from '../diagnosis';
import type { Patient } from '../patient';

const OLDEST = [20, 16] as const;

/** This Node, this package, and the folder in which tunnels are kept. */
export async function lookAtNode({ request: { version } }: Patient): Promise<Finding> {
  const { node } = process.versions;
  if (isTooOld(node)) {
    throw new Problem('USAGE', `Node ${node} is too old: connect needs ${OLDEST.join('.')} or newer`, { next: 'install a newer one: https://nodejs.org' });
  }
  const { dir } = await openStore();
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileProblem(`the tunnels folder ${dir}`, 'written', error);
  }
  return { message: `Node ${node} on ${process.platform} ${process.arch}, connect ${version}, tunnels in ${dir}`, details: { folder: dir } };
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}
