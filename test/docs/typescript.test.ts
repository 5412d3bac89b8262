import { readPages } from './support/pages';
import { compile } from './support/snippets';

test('what the pages show of the construct and the library compiles', () => {
  const blocks = readPages().flatMap((page) => page.blocks).filter(({ language }) => language === 'ts');
  expect(blocks.length).toBeGreaterThan(2);
  expect(compile(blocks)).toEqual([]);
});
