import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../e2e/support/connect';

/** Why a block is not run. It stands after the language: ```sh account */
export const MARKS = {
  account: 'needs an account of AWS',
  registry: 'installs from a registry',
  clone: 'is for a clone of the repository, where other tests run it',
  tested: 'is run by a scenario of its own, test/e2e/ci.test.ts',
  elsewhere: 'is for a terminal or a system of the reader',
} as const;

export type Mark = keyof typeof MARKS;

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** That of its first line. */
  readonly line: number;
  readonly language: string;
  /** What stands after the language. */
  readonly mark: string;
  /** What the comments above it say that has to be so: `<!-- given: the bastion is stopped -->`. */
  readonly given: readonly string[];
  readonly text: string;
}

export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

const FENCE = /^ *```(\S*) *(.*)$/;
const GIVEN = /^<!-- given: (.+) -->$/;

/** The pages that people read: README.md first, then those of docs/. */
export function readPages(): readonly Page[] {
  const docs = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).sort();
  return ['README.md', ...docs.map((name) => `docs/${name}`)].map(readPage);
}

export function readPage(path: string): Page {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, text, blocks: blocksOf(path, text) };
}

function blocksOf(page: string, text: string): Block[] {
  const blocks: Block[] = [];
  let given: string[] = [];
  let open: { line: number; language: string; mark: string; lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [fence, language, mark] = FENCE.exec(line) ?? [];
    if (open && fence !== undefined) {
      const { lines, ...rest } = open;
      blocks.push({ page, ...rest, given, text: lines.join('\n') });
      [open, given] = [undefined, []];
    } else if (open) {
      open.lines.push(line);
    } else if (fence !== undefined) {
      open = { line: index + 2, language: language!, mark: mark!, lines: [] };
    } else {
      const found = GIVEN.exec(line)?.[1];
      if (found !== undefined) given.push(found);
    }
  }
  return blocks;
}

/** The text of a page without its blocks. */
export function proseOf({ text }: Page): string {
  return text.replace(/^ *```.*?^ *```$/gms, '');
}
