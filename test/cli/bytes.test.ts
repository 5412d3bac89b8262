import { inBytes } from '../../src/cli/bytes';

test.each([[0, '0 bytes'], [1, '1 byte'], [1023, '1023 bytes'], [1536, '1.5 KiB'], [200 * 1024 ** 2, '200 MiB']])('%d is %s', (bytes, text) => {
  expect(inBytes(bytes)).toBe(text);
});
