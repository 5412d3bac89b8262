import type { Input, Protocol } from './protocol';

const CONTENT_TYPE = 'application/x-amz-json-1.1';

/** AWS JSON 1.1, which SSM speaks: the operation is in a header, dates are seconds. */
export const awsJson: Protocol = {
  operationOf: (request) => String(request.headers['x-amz-target'] ?? '').split('.').at(-1)!,
  read: (request) => JSON.parse(request.body.toString() || '{}') as Input,
  write: (_operation, output) => ({ status: 200, contentType: CONTENT_TYPE, body: JSON.stringify(output, asSeconds) }),
  writeError: (error) => ({
    status: error.status,
    contentType: CONTENT_TYPE,
    body: JSON.stringify({ __type: error.code, ...(error.message && { message: error.message }) }),
  }),
};

/** JSON has already made a text of a date when it shows us the value; the holder still has the date. */
function asSeconds(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const original = this[key];
  return original instanceof Date ? original.getTime() / 1000 : value;
}
