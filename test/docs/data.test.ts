import { createRequire } from 'node:module';
import { readPages } from './support/pages';

const blocks = readPages().flatMap((page) => page.blocks);
const ofLanguage = (language: string) => blocks.filter((block) => block.language === language);

test.each(ofLanguage('json'))('$page:$line is JSON', ({ text }) => {
  expect(() => JSON.parse(text)).not.toThrow();
});

/** A tool among the development dependencies brings it; where none does, nobody reads YAML. */
function yaml(): { load(text: string): unknown } | undefined {
  try {
    return createRequire(__filename)('js-yaml');
  } catch {
    return undefined;
  }
}

const parser = yaml();
(parser ? test : test.skip).each(ofLanguage('yaml'))('$page:$line is YAML', ({ text }) => {
  expect(typeof parser!.load(text)).toBe('object');
});
