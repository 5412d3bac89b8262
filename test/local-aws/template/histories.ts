import { typeOf } from './resource-types';
import type { Stack } from './stack';
import { TemplateError } from './template';

/** What became of a resource so far: how often it was replaced, and which version of it this is. */
export interface History {
  readonly generation: number;
  readonly version: number;
}

/** By logical id. */
export type Histories = Readonly<Record<string, History>>;

export const NEW: History = { generation: 0, version: 1 };

/** What an update does to each resource of the stack before: what is replaced or gone is another one from now on. */
export function nextHistories(before: Stack, draft: Stack): Histories {
  return Object.fromEntries(before.logicalIds().map((logicalId) => {
    const { generation, version } = before.historyOf(logicalId);
    if (isReplaced(before, draft, logicalId)) return [logicalId, { generation: generation + 1, version: 1 }];
    const { versioned = [] } = typeOf(before.typeNameOf(logicalId));
    return [logicalId, { generation, version: hasChanged(before, draft, logicalId, versioned) ? version + 1 : version }];
  }));
}

/** @throws TemplateError as CloudFormation does, where the new resource would have the name of the one that it replaces */
export function checkNames(before: Stack, stack: Stack): void {
  for (const logicalId of before.logicalIds().filter((id) => stack.logicalIds().includes(id))) {
    const isReplacement = stack.historyOf(logicalId).generation > before.historyOf(logicalId).generation;
    if (isReplacement && stack.physicalId(logicalId) === before.physicalId(logicalId)) {
      throw new TemplateError(`CloudFormation cannot update a stack when a custom-named resource requires replacing: ${logicalId} in ${stack.name}`);
    }
  }
}

function isReplaced(before: Stack, draft: Stack, logicalId: string): boolean {
  const type = before.typeNameOf(logicalId);
  if (!draft.logicalIds(type).includes(logicalId)) return true;
  const { replacing = [] } = typeOf(type);
  return hasChanged(before, draft, logicalId, typeof replacing === 'function' ? replacing(draft.facts(logicalId)) : replacing);
}

function hasChanged(before: Stack, draft: Stack, logicalId: string, properties: readonly string[]): boolean {
  const asText = (stack: Stack, name: string): string => JSON.stringify(stack.property(logicalId, name)) ?? '';
  return properties.some((name) => asText(before, name) !== asText(draft, name));
}
