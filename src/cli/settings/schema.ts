import { FLAGS } from '../flags';
import { FILE_FLAGS } from './project-file';

/** What a project file may hold, as JSON Schema: for editors. `connect.schema.json` is made of it. */
export function projectFileSchema(): object {
  const values = Object.fromEntries(FILE_FLAGS.map((name) => [name, { description: FLAGS[name].summary, ...(FLAGS[name].read.schema ?? { type: 'string' }) }]));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Project file of `connect`: connect.json, or the key "connect" of package.json',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      ...values,
      targets: {
        description: 'What holds for one target alone, by the name that is typed',
        type: 'object',
        propertyNames: { pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$' },
        additionalProperties: {
          type: 'object',
          properties: { target: { description: 'The name of its descriptor, where another is typed', type: 'string' }, ...values },
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
  };
}
