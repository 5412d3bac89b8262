import { explainStartFailure, getSigningCredentials, resumeSession, startSession, terminateSession } from '../../src/aws/hot-path';
import { Problem } from '../../src/problem';
import { context, json, jsonError, startStubAws, type StubAws } from './stub-aws';

const TICKET = { SessionId: 'me-0123', TokenValue: 'a secret', StreamUrl: 'wss://stream.example' };
const request = { instanceId: 'i-0abc', document: { name: 'Doc', fixed: false }, host: 'writer.example', port: 5432 };

let aws: StubAws;
beforeEach(async () => { aws = await startStubAws(); });
afterEach(async () => aws.stop());

test.each([
  ['a document that takes both, host and port', { ...request, reason: 'a look' },
    { Target: 'i-0abc', DocumentName: 'Doc', Parameters: { host: ['writer.example'], portNumber: ['5432'] }, Reason: 'a look' }],
  ['such a document, and a local port', { ...request, localPort: 15432 },
    { Target: 'i-0abc', DocumentName: 'Doc', Parameters: { host: ['writer.example'], portNumber: ['5432'], localPortNumber: ['15432'] } }],
  ['a document that fixes them, neither', { ...request, document: { name: 'Fixed', fixed: true } },
    { Target: 'i-0abc', DocumentName: 'Fixed' }],
  ['such a document, the local port only', { ...request, document: { name: 'Fixed', fixed: true }, localPort: 0 },
    { Target: 'i-0abc', DocumentName: 'Fixed', Parameters: { localPortNumber: ['0'] } }],
])('gives %s', async (_, given, sent) => {
  aws.replies.StartSession = [json(TICKET)];
  expect(await startSession(given, context)).toEqual(TICKET);
  expect(aws.calls).toEqual([{ operation: 'StartSession', input: sent }]);
});

test.each(['TargetNotConnected', 'InvalidTarget', 'InvalidInstanceId'])('fails with BastionNotConnected when AWS says %s', async (name) => {
  aws.replies.StartSession = [jsonError(name)];
  const error = await startSession(request, context).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: 'BastionNotConnected', code: 'BASTION_DOWN', message: 'bastion i-0abc is not connected to Session Manager' });
  expect(Problem.is(error)).toBe(true);
});

test('tells what a start of another program came to', () => {
  const said = (name: string) => Object.assign(new Error('said AWS'), { name });
  expect(explainStartFailure(said('TargetNotConnected'), request, context)).toMatchObject({ name: 'BastionNotConnected' });
  expect(explainStartFailure(said('AccessDeniedException'), request, context)).toMatchObject({ code: 'CREDENTIALS' });
});

test.each([
  ['InvalidDocument', 'NOT_FOUND', 'there is no session document Doc to forward with'],
  ['InvalidParameters', 'SESSION_FAILED', 'session document Doc refused the parameters: said AWS'],
  ['InternalServerError', 'SESSION_FAILED', 'ssm:StartSession failed: AWS has trouble of its own (InternalServerError: said AWS)'],
])('fails when AWS says %s', async (name, code, message) => {
  aws.replies.StartSession = [jsonError(name)];
  await expect(startSession(request, context)).rejects.toMatchObject({ code, message });
});

test('fails when the answer holds no token', async () => {
  aws.replies.StartSession = [json({ SessionId: 'me-0123' })];
  await expect(startSession(request, context)).rejects.toMatchObject({ code: 'SESSION_FAILED' });
});

test.each([
  ['goes on', json(TICKET), TICKET],
  ['has no token any more', json({ SessionId: 'me-0123' }), undefined],
  ['does not exist any more', jsonError('DoesNotExistException'), undefined],
])('resumes a session that %s', async (_, reply, ticket) => {
  aws.replies.ResumeSession = [reply];
  expect(await resumeSession({ sessionId: 'me-0123' }, context)).toEqual(ticket);
});

test('fails to resume when it is not allowed', async () => {
  aws.replies.ResumeSession = [jsonError('AccessDeniedException')];
  await expect(resumeSession({ sessionId: 'me-0123' }, context)).rejects.toMatchObject({ code: 'CREDENTIALS' });
});

test.each([['that is open', json({})], ['that is over', jsonError('DoesNotExistException')]])('terminates a session %s', async (_, reply) => {
  aws.replies.TerminateSession = [reply];
  await terminateSession({ sessionId: 'me-0123' }, context);
  expect(aws.calls).toEqual([{ operation: 'TerminateSession', input: { SessionId: 'me-0123' } }]);
});

test('gives the credentials that calls are signed with, and nothing else of them', async () => {
  expect(await getSigningCredentials(context)).toEqual({
    accessKeyId: 'AKIDSTUB', secretAccessKey: 'secret', sessionToken: 'token', signingDate: expect.any(Date),
  });
});
