import { createHash } from 'node:crypto';
import { getTunnelHash } from '../../src/tunnel/tunnel-hash';

const ends = { instanceId: 'i-0abc', remoteHost: 'writer.example', remotePort: 5432, localPort: 15432 };

test('a hash is the first 16 hex digits of the sha256 of the four ends', () => {
  const all = createHash('sha256').update('i-0abc:writer.example:5432:15432').digest('hex');
  expect(getTunnelHash(ends)).toBe(all.slice(0, 16));
});

test.each([{ instanceId: 'i-0abd' }, { remoteHost: 'reader.example' }, { remotePort: 5433 }, { localPort: 15433 }])('another end is another hash: %j', (other) => {
  expect(getTunnelHash({ ...ends, ...other })).not.toBe(getTunnelHash(ends));
});
