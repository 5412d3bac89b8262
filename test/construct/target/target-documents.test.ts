import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as rds from 'aws-cdk-lib/aws-rds';
import { TunnelSessionDocument, type TunnelTargetProps } from '../../../src';
import { documentNameFor } from '../../../src/construct/names';
import { ROLES } from '../../../src/descriptor';
import { addTarget, descriptorOf, importedCluster, MYSQL, someCluster, someVpc, testApp, testStack } from '../support';

/** The documents of a stack, by their logical ids. */
function documentsIn(stack: Stack): Record<string, any> {
  return Template.fromStack(stack).findResources('AWS::SSM::Document');
}

function idsOf(stack: Stack): string[] {
  return Object.keys(documentsIn(stack));
}

function stackWith(props: Partial<TunnelTargetProps> = {}, attributes: Partial<rds.DatabaseClusterAttributes> = {}): Stack {
  const stack = testStack();
  addTarget(stack, importedCluster(stack, attributes), props);
  return stack;
}

test('there is one for each host', () => {
  expect(idsOf(stackWith())).toEqual([expect.stringMatching(/^TargetWriterDocument/), expect.stringMatching(/^TargetReaderDocument/)]);
  expect(idsOf(stackWith({}, { readerEndpointAddress: undefined }))).toEqual([expect.stringMatching(/^TargetWriterDocument/)]);
});

test('the descriptor names them, and comes after them', () => {
  const stack = stackWith();
  const names = Object.values(documentsIn(stack)).map(({ Properties }) => ({ name: Properties.Name, fixed: true }));
  expect(descriptorOf(stack, 'imported-db').document).toEqual({ writer: names[0], reader: names[1] });
  const [parameter] = Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter'));
  expect([...parameter!.DependsOn].sort()).toEqual(idsOf(stack).sort());
});

test('a document that exists already is not waited for', () => {
  const [parameter] = Object.values(Template.fromStack(stackWith({ sessionDocument: TunnelSessionDocument.awsOwned() })).findResources('AWS::SSM::Parameter'));
  expect(parameter).not.toHaveProperty('DependsOn');
});

test('host and port of a cluster that is created are known to CloudFormation', () => {
  const stack = testStack();
  const cluster = new rds.DatabaseClusterFromSnapshot(stack, 'Cluster', {
    engine: MYSQL, snapshotIdentifier: 'snapshot', vpc: someVpc(stack), writer: rds.ClusterInstance.serverlessV2('Writer'),
  });
  addTarget(stack, cluster, { targetName: 'db' });
  const attribute = (name: string) => ({ 'Fn::GetAtt': [expect.stringMatching(/^Cluster/), name] });
  const [writer, reader] = Object.values(documentsIn(stack)).map(({ Properties }) => Properties.Content.properties);
  expect(writer).toMatchObject({ host: attribute('Endpoint.Address'), portNumber: attribute('Endpoint.Port') });
  expect(reader).toMatchObject({ host: attribute('ReadEndpoint.Address'), portNumber: attribute('Endpoint.Port') });
});

test('the port of a cluster that is created is a literal where it is one', () => {
  const stack = testStack();
  addTarget(stack, someCluster(stack, { port: 6000 }), { targetName: 'db' });
  expect(Object.values(documentsIn(stack)).map(({ Properties }) => Properties.Content.properties.portNumber)).toEqual(['6000', '6000']);
});

test('their ids and names do not depend on where the stack is', () => {
  const documentsOf = (stack: Stack): object => {
    addTarget(stack, importedCluster(stack));
    return documentsIn(stack);
  };
  expect(documentsOf(testStack(testApp(), 'One'))).toEqual(documentsOf(testStack(testApp(), 'Two')));
});

/** What SSM takes for the name of a document. It keeps some beginnings to itself. */
const VALID = /^(?!aws|amazon|amzn)[a-zA-Z0-9_.-]{3,128}$/i;

test.each([
  ['a short one', 'a', '/tunnelable-rds'],
  ['the longest one', 'a'.repeat(128), '/tunnelable-rds'],
  ['one with all characters', '0_A.b-c', '/tunnelable-rds'],
  ['one that begins as AWS\'s do', 'aws-db', '/tunnelable-rds'],
  ['one in a deep folder', 'db', '/a/b/c/d/e/f/g/h/i/j/k/l/m'],
])('SSM takes the name that comes of %s', (_, targetName, prefix) => {
  for (const role of ROLES) expect(documentNameFor(targetName, role, `${prefix}/${targetName}`)).toMatch(VALID);
});

test('names tell apart what is a target of its own', () => {
  const long = 'a'.repeat(127);
  const targets = [
    ['/tunnelable-rds', 'db'], ['/team', 'db'], ['/tunnelable-rds', 'DB'], ['/Team', 'db'], ['/tunnelable-rds', 'db-writer'],
    ['/tunnelable-rds', `${long}b`], ['/tunnelable-rds', `${long}c`], ['/team', `${long}b`],
  ];
  const names = targets.flatMap(([prefix, name]) => ROLES.map((role) => documentNameFor(name!, role, `${prefix}/${name}`).toLowerCase()));
  expect(new Set(names).size).toBe(targets.length * ROLES.length);
});

test('a name says what it is for', () => {
  expect(documentNameFor('ahbodedb', 'writer', '/tunnelable-rds/ahbodedb')).toBe('tunnel-ahbodedb-writer-ce012ea2');
  expect(documentNameFor('a'.repeat(128), 'reader', `/tunnelable-rds/${'a'.repeat(128)}`)).toMatch(/^tunnel-a{105}-reader-[0-9a-f]{8}$/);
});

test('two targets of one name in two folders have documents of their own in one account', () => {
  const app = testApp();
  for (const [id, prefix] of [['One', '/one'], ['Two', '/two']] as const) {
    const stack = new Stack(app, id);
    addTarget(stack, importedCluster(stack), { prefix, targetName: 'db' }, `Target${id}`);
  }
  const names = app.node.children.flatMap((stack) => Object.values(documentsIn(stack as Stack))).map(({ Properties }) => Properties.Name);
  expect(new Set(names).size).toBe(4);
});
