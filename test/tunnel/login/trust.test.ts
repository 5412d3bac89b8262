import { join } from 'node:path';
import { rootCertificates } from '../../../src/tunnel/certificate/trusted-authorities';
import { trustsFor } from '../../../src/tunnel/login/trust';
import { AUTHORITY } from '../../support/postgres';

test('only who is named vouches for a database, where somebody is', () => {
  expect(trustsFor('/x/ca.pem', { PGSSLROOTCERT: AUTHORITY })).toEqual([{ file: '/x/ca.pem' }]);
});

test('else the files that there are, and those whom Node trusts', () => {
  const files = { PGSSLROOTCERT: AUTHORITY, NODE_EXTRA_CA_CERTS: __filename };
  expect(trustsFor(undefined, files)).toEqual([{ file: AUTHORITY }, { file: __filename }, {}]);
  expect(trustsFor(undefined, { PGSSLROOTCERT: 'system', NODE_EXTRA_CA_CERTS: '/nowhere' })).toEqual([{}]);
});

test('PostgreSQL\'s clients have a file of their own on each system', () => {
  expect(rootCertificates({}, 'linux')).toMatch(/\.postgresql[\\/]root\.crt$/);
  expect(rootCertificates({ APPDATA: 'roaming' }, 'win32')).toBe(join('roaming', 'postgresql', 'root.crt'));
});
