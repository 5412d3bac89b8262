import { fieldsOf, unfold } from './form';
import type { Protocol } from './protocol';
import { xml } from './xml';

const CONTENT_TYPE = 'text/xml';

/** The query protocol of RDS and STS: lists are wrapped, a result and its metadata stand beside each other. */
export function awsQuery(namespace: string): Protocol {
  return {
    operationOf: (request) => fieldsOf(request).get('Action') ?? '',
    read: (request) => unwrapLists(unfold(fieldsOf(request))) as Record<string, unknown>,
    write: (operation, output, requestId) => ({
      status: 200,
      contentType: CONTENT_TYPE,
      body: xml(`${operation}Response`, namespace, { [`${operation}Result`]: output, ResponseMetadata: { RequestId: requestId } }),
    }),
    writeError: (error, requestId) => ({
      status: error.status,
      contentType: CONTENT_TYPE,
      body: xml('ErrorResponse', namespace, {
        Error: { Type: error.isServerFault ? 'Receiver' : 'Sender', Code: error.code, Message: error.message }, RequestId: requestId,
      }),
    }),
  };
}

/** `Filters.Filter.1` and `Filters.member.1` are both `Filters`. */
function unwrapLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapLists);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  if (members.length === 1 && Array.isArray(members[0]![1])) return unwrapLists(members[0]![1]);
  return Object.fromEntries(members.map(([key, member]) => [key, unwrapLists(member)]));
}
