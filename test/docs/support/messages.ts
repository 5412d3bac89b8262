import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { EXIT_CODES } from '../../../src/problem';
import { ROOT } from '../../e2e/support/connect';

/** What a person may be told, as the source has it. */
export interface Message {
  readonly file: string;
  /** With `<...>` where something is filled in. */
  readonly text: string;
  /** Matches what it says, whatever is filled in. */
  readonly pattern: RegExp;
}

const CODES = [...Object.keys(EXIT_CODES), 'COMMAND_NOT_FOUND', 'COMMAND_NOT_EXECUTABLE'];
const SRC = join(ROOT, 'src');

/** Every message of every problem that the source makes, and of what AWS said that is explained. */
export function messagesOfProblems(): Message[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => {
    const found: Message[] = [];
    const source = ts.createSourceFile(file, readFileSync(join(SRC, file), 'utf8'), ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      for (const parts of textsOf(messageIn(node, file))) found.push({ file, text: parts.join('<...>'), pattern: patternOf(parts) });
      node.forEachChild(visit);
    };
    visit(source);
    return found;
  });
}

/** Of `new Problem('CODE', message)` and its like; of an explanation, `message: () => message`. */
function messageIn(node: ts.Node, file: string): ts.Expression | undefined {
  if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.arguments?.[0] && ts.isStringLiteral(node.arguments[0])) {
    return CODES.includes(node.arguments[0].text) ? node.arguments[1] : undefined;
  }
  const isExplained = file.startsWith('aws') && ts.isPropertyAssignment(node);
  if (!isExplained || !ts.isIdentifier(node.name) || node.name.text !== 'message' || !ts.isArrowFunction(node.initializer)) return undefined;
  return ts.isBlock(node.initializer.body) ? undefined : node.initializer.body;
}

/** The texts that an expression may be: of each, the parts that are always the same. A text without any says nothing that could be looked for. */
function textsOf(message: ts.Expression | undefined): string[][] {
  if (message === undefined) return [];
  if (ts.isConditionalExpression(message)) return [...textsOf(message.whenTrue), ...textsOf(message.whenFalse)];
  const parts = ts.isTemplateExpression(message) ? [message.head.text, ...message.templateSpans.map(({ literal }) => literal.text)] : [];
  if (ts.isStringLiteralLike(message)) parts.push(message.text);
  return parts.join('').trim() === '' ? [] : [parts];
}

function patternOf(parts: readonly string[]): RegExp {
  return new RegExp(`^${parts.map((part) => part.replaceAll('`', '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
}
