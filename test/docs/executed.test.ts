import { type Block, MARKS, readPages } from './support/pages';
import { isRun, Reader } from './support/reader';

const SHELLS = ['console', 'sh', 'bash', 'shell', 'zsh'];
/** Every block of it needs an account: that is what it is for. */
const WHOLLY_MARKED = 'docs/on-a-real-account.md';
const MOST_MARKED = 0.5;
const TIMEOUT_MS = 120_000;

const pages = readPages();
const commands = pages.flatMap(({ blocks }) => blocks).filter(({ language }) => SHELLS.includes(language));
const at = ({ page, line, mark }: Block): string => `${page}:${line}${mark && `: ${mark}`}`;

describe('what the pages show is what happens', () => {
  let reader: Reader;
  beforeAll(async () => { reader = await Reader.create(); });
  test.each(pages.filter(({ blocks }) => blocks.some(isRun)))('$path', async (page) => reader.follow(page), TIMEOUT_MS);
  // In the end, so that all pages are over.
  afterAll(async () => expect(await reader.end()).toEqual([]));
});

test('each command is run, or says why it is not', () => {
  expect(commands.filter((block) => !isRun(block) && !Object.hasOwn(MARKS, block.mark)).map(at)).toEqual([]);
});

test('no command hides in a block that is not looked at', () => {
  const others = pages.flatMap(({ blocks }) => blocks).filter(({ language }) => language === '');
  expect(others.filter(({ text }) => /^(\$ |npx |npm |connect |aws )/m.test(text)).map(at)).toEqual([]);
});

test('most commands are run', () => {
  const counted = commands.filter(({ page }) => page !== WHOLLY_MARKED);
  const marked = counted.filter((block) => !isRun(block));
  console.info(`not run: ${count(marked)} of ${count(counted)} commands\n${marked.map(at).join('\n')}`);
  expect(count(marked) / count(counted)).toBeLessThan(MOST_MARKED);
});

function count(blocks: readonly Block[]): number {
  return blocks.flatMap(({ language, text }) => text.split('\n').filter((line) => (language === 'console' ? line.startsWith('$ ') : /^[a-z]/.test(line)))).length;
}
