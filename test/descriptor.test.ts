import * as fc from 'fast-check';
import {
  type Descriptor, DescriptorError, descriptorParameterName, explainBadName, explainBadPrefix, parseDescriptor, RESERVED_NAMES, serializeDescriptor,
} from '../src/descriptor';
import { DESCRIPTOR } from './some-descriptor';

/** A good descriptor with one value changed; `undefined` takes the key away. */
function withValue(path: string, value: unknown): string {
  const copy = JSON.parse(serializeDescriptor(DESCRIPTOR));
  const keys = path.split('.');
  const last = keys.pop()!;
  keys.reduce((object, key) => object[key], copy)[last] = value;
  return JSON.stringify(copy);
}

const text = fc.string({ minLength: 1 });
const document = fc.record({ name: text, fixed: fc.boolean() });
const anyDescriptor: fc.Arbitrary<Descriptor> = fc.record({
  version: fc.constant(1 as const),
  name: text,
  mechanism: fc.constant('aws.ssm' as const),
  account: fc.stringMatching(/^\d{12}$/),
  region: text,
  bastion: fc.record({ exid: text, instanceId: text }, { requiredKeys: ['exid'] }),
  target: fc.record({
    kind: text, name: text, engine: text, port: fc.integer({ min: 1, max: 65535 }), database: text, host: fc.record({ writer: text, reader: text }, { requiredKeys: ['writer'] }),
  }, { requiredKeys: ['kind', 'name', 'engine', 'port', 'host'] }),
  document: fc.record({ writer: document, reader: document }, { requiredKeys: ['writer'] }),
  credentials: fc.record({ secretArn: text, iam: fc.boolean() }, { requiredKeys: [] }),
}, { requiredKeys: ['version', 'name', 'mechanism', 'account', 'region', 'bastion', 'target', 'document'], noNullPrototype: true });

test('what is written is what is read', () => {
  fc.assert(fc.property(anyDescriptor, (descriptor) => {
    expect(parseDescriptor(serializeDescriptor(descriptor))).toEqual(JSON.parse(JSON.stringify(descriptor)));
  }));
});

test('keys that this release does not know are let be', () => {
  expect(() => parseDescriptor(withValue('target.relay', { port: 9 }))).not.toThrow();
  expect(() => parseDescriptor(withValue('extra', [1]))).not.toThrow();
});

test.each(['bastion.instanceId', 'target.database', 'target.host.reader', 'document.reader', 'credentials', 'credentials.secretArn', 'credentials.iam'])(
  'it may be without %s', (path) => {
    expect(() => parseDescriptor(withValue(path, undefined))).not.toThrow();
  });

test.each([
  ['name', 'a text'],
  ['mechanism', '"aws.ssm"'],
  ['account', 'an account of 12 digits'],
  ['region', 'a text'],
  ['bastion.exid', 'a text'],
  ['target.kind', 'a text'],
  ['target.name', 'a text'],
  ['target.engine', 'a text'],
  ['target.port', 'a port from 1 to 65535'],
  ['target.host.writer', 'a text'],
  ['document.writer.name', 'a text'],
  ['document.writer.fixed', 'true or false'],
  ['document.reader.name', 'a text'],
  ['document.reader.fixed', 'true or false'],
])('fails when it has no %s', (path, expected) => {
  expect(() => parseDescriptor(withValue(path, undefined))).toThrow(new DescriptorError(`its "${path}" is undefined, expected ${expected}`));
});

test.each<[string, unknown, string]>([
  ['name', '', 'a text'],
  ['mechanism', 'ssh', '"aws.ssm"'],
  ['account', 123456789012, 'an account of 12 digits'],
  ['account', '12345678901', 'an account of 12 digits'],
  ['bastion.instanceId', 7, 'a text'],
  ['target.port', '5432', 'a port from 1 to 65535'],
  ['target.port', 0, 'a port from 1 to 65535'],
  ['target.port', 65536, 'a port from 1 to 65535'],
  ['target.port', 1.5, 'a port from 1 to 65535'],
  ['target.database', '', 'a text'],
  ['target.host.reader', null, 'a text'],
  ['document.writer.fixed', 'true', 'true or false'],
  ['document.reader.name', 1, 'a text'],
  ['credentials.secretArn', {}, 'a text'],
  ['credentials.iam', 1, 'true or false'],
])('fails when its %s is %j', (path, value, expected) => {
  expect(() => parseDescriptor(withValue(path, value))).toThrow(new DescriptorError(`its "${path}" is ${JSON.stringify(value)}, expected ${expected}`));
});

test.each<[unknown, number | undefined]>([[2, 2], [0, 0], ['1', undefined], [undefined, undefined]])('fails when its version is %j', (version, foundVersion) => {
  expect(() => parseDescriptor(withValue('version', version))).toThrow(
    expect.objectContaining({ message: `it is of version ${JSON.stringify(version)}, this release reads version 1`, foundVersion }));
});

test.each([['', 'it is not JSON'], ['{', 'it is not JSON'], ['[]', 'it is not a JSON object'], ['null', 'it is not a JSON object'], ['"x"', 'it is not a JSON object']])(
  'fails when it is %j', (content, message) => {
    expect(() => parseDescriptor(content)).toThrow(new DescriptorError(message));
  });

test('fails with an error of its own on any other text', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (content) => {
    expect(() => parseDescriptor(content)).toThrow(DescriptorError);
  }));
});

test.each(['a', '7', 'ahbodedb', 'Orders.v2', 'a_b-c.d', 'x'.repeat(128), 'opened'])('a target may be called %s', (name) => {
  expect(explainBadName(name)).toBeUndefined();
});

test.each([
  ['', 'it is empty'],
  ['x'.repeat(129), 'it has 129 characters, at most 128 are allowed'],
  ['-a', 'it must start with a letter or digit and hold only letters, digits, "_", "." and "-"'],
  ['a/b', 'it must start with a letter or digit and hold only letters, digits, "_", "." and "-"'],
  ['a\n', 'it must start with a letter or digit and hold only letters, digits, "_", "." and "-"'],
  ...RESERVED_NAMES.map((name) => [name, 'the name is reserved for a command of `connect`']),
])('a target may not be called %j: %s', (name, reason) => {
  expect(explainBadName(name!)).toBe(reason);
});

test.each(['/tunnelable-rds', '/a/b.c/d_e', '/a'.repeat(13)])('descriptors may be under %s', (prefix) => {
  expect(explainBadPrefix(prefix)).toBeUndefined();
});

test.each([
  ...['', '/', 'a', '/a/', '//a', '/a b', '/a'.repeat(14)].map((prefix) => [prefix, 'it must look like "/folder" or "/folder/folder", of letters, digits, "_", "." and "-"']),
  ...['/aws', '/AWS/x', '/ssm-x'].map((prefix) => [prefix, 'Parameter Store keeps names that start with "aws" or "ssm" to itself']),
])('descriptors may not be under %j: %s', (prefix, reason) => {
  expect(explainBadPrefix(prefix!)).toBe(reason);
});

test('the parameter is under the prefix', () => {
  expect(descriptorParameterName('ahbodedb')).toBe('/tunnelable-rds/ahbodedb');
  expect(descriptorParameterName('ahbodedb', '/team')).toBe('/team/ahbodedb');
});
