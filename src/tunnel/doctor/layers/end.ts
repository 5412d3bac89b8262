import { Problem } from '../../../problem';
import { printable } from '../../../text';
import type { Finding } from '../diagnosis';
import type { Patient } from '../patient';

/** The session is ended as a tunnel's would be. */
export async function lookAtEnd({ known, context }: Patient): Promise<Finding> {
  const { carrier, door } = known;
  await door!.close();
  await carrier!.close();
  const { terminateSession } = await import('../../../aws/hot-path');
  try {
    // Closing swallows what AWS has against it: once more, to hear that. A session that is over may be ended again.
    await terminateSession({ sessionId: carrier!.id }, context);
  } catch (error) {
    if (!Problem.is(error)) throw error;
    return { status: 'remark', message: `${carrier!.id} was ended at the agent, and not at the service: ${printable(error.message)}`, next: error.next };
  }
  return { message: `${carrier!.id} is ended` };
}
