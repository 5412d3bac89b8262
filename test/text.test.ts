import { counted, printable, printableLines, reasonOf } from '../src/text';

const HOSTILE = 'one\r\n2026-01-01 forged\u001b[2J\u009b31m\u202e\u2028end\u0007';

test('a printable text is one line, without control and formatting characters', () => {
  expect(printable(HOSTILE)).toBe('one 2026-01-01 forged [2J 31m end');
});

test('a printable text is bounded, unless asked otherwise', () => {
  expect(printable('x'.repeat(2000))).toHaveLength(500);
  expect(printable('x'.repeat(2000), Infinity)).toHaveLength(2000);
});

test.each([undefined, null, 7, {}])('%p is no text', (value) => {
  expect(printable(value)).toBe('');
});

test('printable lines keep their ends and tabs, and what people write', () => {
  expect(printableLines('a\tb\nc\u001b[31m é 漢 👩‍💻')).toBe('a\tb\nc[31m é 漢 👩💻');
});

test.each<[unknown, string]>([[new Error('broken\npipe'), 'broken pipe'], [new TypeError(''), 'TypeError'], ['thrown', 'thrown'], [undefined, 'undefined']])('the reason of %p is %p', (thrown, reason) => {
  expect(reasonOf(thrown)).toBe(reason);
});

test.each([[0, '0 bytes'], [1, '1 byte'], [2, '2 bytes']])('%p of something is %p', (count, text) => {
  expect(counted(count, 'byte')).toBe(text);
  expect(counted(count, 'was', 'were')).toBe(`${count} ${count === 1 ? 'was' : 'were'}`);
});
