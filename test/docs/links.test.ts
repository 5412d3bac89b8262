import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT } from '../e2e/support/connect';
import { type Page, proseOf, readPage, readPages } from './support/pages';

const OTHERS = ['ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'examples/README.md'];
const pages = [...readPages(), ...OTHERS.map(readPage)];

const links = pages.flatMap((page) => [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => ({ page: page.path, link: link! })));

test.each(links.filter(({ link }) => !/^[a-z]+:/.test(link)))('$page: $link leads somewhere', ({ page, link }) => {
  const [path, anchor] = link.split('#') as [string, string?];
  const target = path === '' ? page : normalize(join(dirname(page), path));
  expect(existsSync(join(ROOT, target))).toBe(true);
  if (anchor !== undefined) expect(anchorsOf(readPage(target))).toContain(anchor);
});

test('each page is linked from README.md', () => {
  const linked = links.filter(({ page }) => page === 'README.md').map(({ link }) => link.split('#')[0]);
  for (const { path } of readPages().slice(1)) expect(linked).toContain(path);
});

/** As GitHub makes them of headings. */
function anchorsOf(page: Page): string[] {
  const seen = new Map<string, number>();
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => {
    const slug = heading!.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}
