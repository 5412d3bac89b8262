import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNT, REGION } from '../support';
import { deployEverything } from './simulation/app';
import { allowedRequests, BASTION_TAG, type Change, changed, DOCUMENT_CHECK } from './simulation/requests';
import { Simulator } from './simulation/simulator';
import { DENY, OPERATOR } from './simulation/wider-rights';

const stack = deployEverything(ACCOUNT, REGION);
const simulator = new Simulator(stack);
const ALLOWED = allowedRequests(stack);
const ON_BASTION = ALLOWED['start a session on the bastion']!;
const WITH_DOCUMENT = ALLOWED['start a session with the document of the writer']!;
const GRANT = simulator.policies.get(ON_BASTION.person)!;
const OTHER_INSTANCE: Change = { resource: { tags: { [BASTION_TAG]: 'something-else' } } };
const UNNAMED: Change = { context: { [DOCUMENT_CHECK]: 'false' } };
const COMMAND: Change = { action: 'ssm:SendCommand' };
const namedDocument = (name: string): Change => ({ resource: { name: `document/${name}` } });
const documentOfAws = (name: string): Change => ({ resource: { name: `document/${name}`, account: '' } });

const STILL_ALLOWED = {
  'a session on the bastion that names a document': ON_BASTION,
  'a session on the bastion whose document is checked': ALLOWED['start a session on the bastion, its document checked']!,
  'a session with the document of the writer': WITH_DOCUMENT,
  'a session with the document of the reader': ALLOWED['start a session with the document of the reader']!,
  'a shell on another instance': changed(changed(ON_BASTION, OTHER_INSTANCE), UNNAMED),
  'a command on another instance': changed(changed(ON_BASTION, OTHER_INSTANCE), COMMAND),
};

const DENIED = {
  'a session on the bastion that names no document': changed(ON_BASTION, UNNAMED),
  'a command on the bastion': changed(ON_BASTION, COMMAND),
  'a session with the shell': changed(WITH_DOCUMENT, namedDocument('SSM-SessionManagerRunShell')),
  'a session with the document of another target': changed(WITH_DOCUMENT, namedDocument('tunnel-orders-writer-01234567')),
  'a session with a document made for it': changed(WITH_DOCUMENT, namedDocument('tunnel-ahbodedb-writer-ce012ea2-2')),
  ...Object.fromEntries([
    'AWS-StartPortForwardingSessionToRemoteHost', 'AWS-StartPortForwardingSession', 'AWS-StartSSHSession', 'AWS-StartInteractiveCommand',
  ].map((name) => [`a session with ${name}`, changed(WITH_DOCUMENT, documentOfAws(name))])),
};

test.each(Object.entries(DENIED))('an operator\'s rights allow %s, and the Deny takes it away', async (_, request) => {
  expect(await simulator.decide(request, [...GRANT, OPERATOR])).toMatchObject({ isAllowed: true });
  expect(await simulator.decide(request, [...GRANT, OPERATOR, DENY])).toMatchObject({ isAllowed: false });
});

test.each(Object.entries(STILL_ALLOWED))('an operator with the Deny may start %s', async (_, request) => {
  expect(await simulator.decide(request, [...GRANT, OPERATOR, DENY])).toMatchObject({ isAllowed: true });
});

test.each(DENY.Statement)('the Deny needs its statement $Sid', async (statement) => {
  const less = { ...DENY, Statement: DENY.Statement.filter((other) => other !== statement) };
  const decisions = await Promise.all(Object.values(DENIED).map(async (request) => simulator.decide(request, [...GRANT, OPERATOR, less])));
  expect(decisions.map(({ isAllowed }) => isAllowed)).toContain(true);
});

test('it is what the docs show', () => {
  const blocks = [...readFileSync(join(__dirname, '..', '..', '..', 'docs', 'security.md'), 'utf8').matchAll(/```json\n(.*?)```/gs)].map(([, text]) => text!);
  expect(blocks.filter((text) => text.includes('NoShellOnBastion')).map((text) => JSON.parse(text))).toEqual([DENY]);
});
