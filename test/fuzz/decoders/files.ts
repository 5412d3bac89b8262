import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseDescriptor, serializeDescriptor } from '../../../src/descriptor';
import { parseMeta, serializeMeta } from '../../../src/tunnel/store/meta';
import { DESCRIPTOR } from '../../some-descriptor';
import { someMeta } from '../../tunnel/some-meta';
import { throwsBriefly } from '../claims';
import type { Decoder } from '../decoder';
import { anyValue, jsonOf, objectWith } from '../json';

/** The same in every run: what a seed finds can be seen again. */
const WORKER = { pid: 4711, startedAt: '1234567', bootId: 'c5d1b9c2', pidNamespace: 'pid:[4026531836]' };
const META = someMeta({ worker: WORKER, children: [WORKER] });

/** Objects like a good one, with anything in some of its places. */
function likeThis(good: object): fc.Arbitrary<Buffer> {
  return jsonOf(objectWith(Object.fromEntries(Object.entries(good).map(([key, value]) => [key, fc.constant(value)]))));
}

export const descriptor: Decoder = {
  name: 'descriptor',
  seeds: [Buffer.from(serializeDescriptor(DESCRIPTOR)), Buffer.from('{"version":2}')],
  shaped: fc.oneof({ weight: 5, arbitrary: likeThis(DESCRIPTOR) }, { weight: 1, arbitrary: jsonOf(anyValue) }),
  mayThrow: ['DescriptorError'],
  share: 600,
  start: () => ({
    decode(input) {
      const read = throwsBriefly(() => parseDescriptor(input.toString()));
      const written = serializeDescriptor(read);
      assert.equal(serializeDescriptor(parseDescriptor(written)), written);
      assert.ok([read.name, read.region, read.bastion.exid, read.target.host.writer, read.document.writer.name].every((text) => typeof text === 'string' && text !== ''));
      assert.ok(read.target.port >= 1 && read.target.port <= 65_535);
    },
  }),
};

export const metaFile: Decoder = {
  name: '.meta file',
  seeds: [Buffer.from(serializeMeta(META)), Buffer.from(serializeMeta({ ...META, sessionIds: [], children: [], profile: 'dev', database: 'app' }))],
  shaped: fc.oneof({ weight: 5, arbitrary: likeThis(META) }, { weight: 1, arbitrary: jsonOf(anyValue) }),
  mayThrow: ['Error'],
  share: 600,
  start: () => ({
    decode(input) {
      const read = throwsBriefly(() => parseMeta(input.toString()));
      const written = serializeMeta(read);
      assert.equal(serializeMeta(parseMeta(written)), written);
      assert.ok(Number.isSafeInteger(read.worker.pid) && read.worker.pid > 0);
      assert.ok(read.sessionIds.every((id) => typeof id === 'string'));
    },
  }),
};
