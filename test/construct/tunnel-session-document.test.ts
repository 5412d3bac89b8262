import { Duration, Lazy, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import { type TunnelSessionDestination, TunnelSessionDocument, type TunnelSessionDocumentConfig, type TunnelSessionDocumentOptions } from '../../src';
import { addTarget, descriptorOf, importedCluster, testStack } from './support';

/** A target in a stack of its own, by what it starts sessions with. */
function stackWith(sessionDocument?: TunnelSessionDocument): Stack {
  const stack = testStack();
  addTarget(stack, importedCluster(stack), { sessionDocument });
  return stack;
}

function documentsIn(stack: Stack): { Properties: any }[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::SSM::Document')) as { Properties: any }[];
}

function inputsFor(options: TunnelSessionDocumentOptions): unknown[] {
  return documentsIn(stackWith(TunnelSessionDocument.fixed(options))).map(({ Properties }) => Properties.Content.inputs);
}

test.each([
  ['by default', undefined],
  ['when asked for', TunnelSessionDocument.fixed()],
])('a document fixes host and port, and takes a local port alone: %s', (_, sessionDocument) => {
  const [writer, reader, ...others] = documentsIn(stackWith(sessionDocument));
  expect(others).toEqual([]);
  expect(writer!.Properties).toEqual({
    Name: expect.stringMatching(/^tunnel-imported-db-writer-[0-9a-f]{8}$/),
    DocumentType: 'Session',
    DocumentFormat: 'JSON',
    UpdateMethod: 'NewVersion',
    Content: {
      schemaVersion: '1.0',
      description: 'Tunnel into imported-db (writer)',
      sessionType: 'Port',
      parameters: {
        localPortNumber: { type: 'String', description: expect.any(String), default: '0', allowedPattern: '^[0-9]{1,5}$' },
      },
      properties: { type: 'LocalPortForwarding', host: 'writer.example', portNumber: '6543', localPortNumber: '{{ localPortNumber }}' },
    },
  });
  expect(reader!.Properties).toMatchObject({
    Name: expect.stringMatching(/^tunnel-imported-db-reader-[0-9a-f]{8}$/),
    Content: { description: 'Tunnel into imported-db (reader)', properties: { host: 'reader.example', portNumber: '6543' } },
  });
});

test('limits are written in minutes, into the document of each host', () => {
  const limits = { idleSessionTimeout: '5', maxSessionDuration: '480' };
  expect(inputsFor({ idleSessionTimeout: Duration.minutes(5), maxSessionDuration: Duration.hours(8) })).toEqual([limits, limits]);
});

test.each<[string, TunnelSessionDocumentOptions, object]>([
  ['a minute of idleness', { idleSessionTimeout: Duration.minutes(1) }, { idleSessionTimeout: '1' }],
  ['an hour of idleness', { idleSessionTimeout: Duration.hours(1) }, { idleSessionTimeout: '60' }],
  ['minutes that are given in seconds', { idleSessionTimeout: Duration.seconds(120) }, { idleSessionTimeout: '2' }],
  ['a minute in all', { maxSessionDuration: Duration.minutes(1) }, { maxSessionDuration: '1' }],
  ['a day in all', { maxSessionDuration: Duration.days(1) }, { maxSessionDuration: '1440' }],
])('a limit may be %s', (_, options, inputs) => {
  expect(inputsFor(options)[0]).toEqual(inputs);
});

test('a limit may be a token', () => {
  const late = Duration.minutes(Lazy.number({ produce: () => 7 }));
  expect(inputsFor({ idleSessionTimeout: late })[0]).toEqual({ idleSessionTimeout: '7' });
});

test.each<[string, TunnelSessionDocumentOptions]>([
  ['idleSessionTimeout 0 minutes cannot be used: it must be whole minutes, from 1 to 60; pass Duration.minutes(20), for example', { idleSessionTimeout: Duration.minutes(0) }],
  ['idleSessionTimeout 30 seconds cannot be used: it must be whole minutes, from 1 to 60; pass Duration.minutes(20), for example', { idleSessionTimeout: Duration.seconds(30) }],
  ['idleSessionTimeout 1 minute 30 seconds cannot be used: it must be whole minutes, from 1 to 60; pass Duration.minutes(20), for example', { idleSessionTimeout: Duration.seconds(90) }],
  ['idleSessionTimeout 1 hour 1 minute cannot be used: it must be whole minutes, from 1 to 60; pass Duration.minutes(20), for example', { idleSessionTimeout: Duration.minutes(61) }],
  ['maxSessionDuration 1 hour 1 second cannot be used: it must be whole minutes, from 1 to 1440; pass Duration.minutes(20), for example', { maxSessionDuration: Duration.seconds(3601) }],
  ['maxSessionDuration 1 day 1 minute cannot be used: it must be whole minutes, from 1 to 1440; pass Duration.minutes(20), for example', { maxSessionDuration: Duration.minutes(1441) }],
])('fails when Systems Manager would refuse a limit: %s', (message, options) => {
  expect(() => TunnelSessionDocument.fixed(options)).toThrow(new Error(message));
});

test('the document of AWS is named, and none is made', () => {
  const stack = stackWith(TunnelSessionDocument.awsOwned());
  expect(documentsIn(stack)).toEqual([]);
  const document = { name: 'AWS-StartPortForwardingSessionToRemoteHost', fixed: false };
  expect(descriptorOf(stack, 'imported-db').document).toEqual({ writer: document, reader: document });
});

test('targets may share one', () => {
  const stack = testStack();
  const sessionDocument = TunnelSessionDocument.fixed({ idleSessionTimeout: Duration.minutes(5) });
  const cluster = importedCluster(stack);
  for (const targetName of ['one', 'two']) addTarget(stack, cluster, { sessionDocument, targetName }, targetName);
  expect(documentsIn(stack).map(({ Properties }) => Properties.Name.replace(/-[^-]+$/, ''))).toEqual([
    'tunnel-one-writer', 'tunnel-one-reader', 'tunnel-two-writer', 'tunnel-two-reader',
  ]);
});

test('a document of one\'s own will do', () => {
  class ExistingDocument extends TunnelSessionDocument {
    bind(_scope: Construct, { host }: TunnelSessionDestination): TunnelSessionDocumentConfig {
      return { documentName: `to-${host}`, documentArn: `arn:aws:ssm:eu-central-1:123456789012:document/to-${host}`, fixed: true };
    }
  }
  const stack = stackWith(new ExistingDocument());
  expect(documentsIn(stack)).toEqual([]);
  expect(descriptorOf(stack, 'imported-db').document).toEqual({
    writer: { name: 'to-writer.example', fixed: true }, reader: { name: 'to-reader.example', fixed: true },
  });
});
