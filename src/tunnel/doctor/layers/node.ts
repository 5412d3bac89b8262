import { accessSync, constants } from 'node:fs';
import { openStore } from '../../store';
import { fileProblem } from '../../store/file-problem';
import type { Finding } from '../diagnosis';
import type { Patient } from '../patient';

/** This Node, this package, and the folder in which tunnels are kept. */
export async function lookAtNode({ request: { version } }: Patient): Promise<Finding> {
  const { node } = process.versions;
  const { dir } = await openStore();
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileProblem(`the tunnels folder ${dir}`, 'written', error);
  }
  return { message: `Node ${node} on ${process.platform} ${process.arch}, connect ${version}, tunnels in ${dir}`, details: { folder: dir } };
}
