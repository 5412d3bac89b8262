import { Problem } from '../../problem';

/** What a call gives that is nothing one needs to connect; where it is not allowed, the problem that this is. @throws Problem of any other kind */
export async function unlessDenied<Result>(call: Promise<Result>): Promise<Result | Problem> {
  try {
    return await call;
  } catch (error) {
    if (Problem.is(error) && error.code === 'CREDENTIALS') return error;
    throw error;
  }
}
