import type { AwsContext } from '../aws/context';
import type { Diagnosis, ExaminationRequest } from './doctor/diagnosis';

/**
 * Walks from this machine to the database, layer by layer, and stops at the first that fails.
 * @throws the reason of the context's signal; all else that goes wrong is in the diagnosis
 */
export async function examineTarget(request: ExaminationRequest, context: AwsContext): Promise<Diagnosis> {
  const { examine } = await import('./doctor/index.js');
  return examine(request, context);
}
