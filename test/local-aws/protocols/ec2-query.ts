import { fieldsOf, unfold } from './form';
import type { Input, Protocol } from './protocol';
import { xml } from './xml';

const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const CONTENT_TYPE = 'text/xml;charset=UTF-8';

/** EC2 has its own dialect of the query protocol: lists are bare and in the singular, and there is no result inside the response. */
export const ec2Query: Protocol = {
  operationOf: (request) => fieldsOf(request).get('Action') ?? '',
  read: (request) => {
    const { Filter: filters, InstanceId: ids, ...input } = unfold(fieldsOf(request));
    return {
      ...input,
      ...(ids !== undefined && { InstanceIds: ids }),
      ...(filters !== undefined && { Filters: (filters as Input[]).map((filter) => ({ Name: filter.Name, Values: filter.Value ?? [] })) }),
    };
  },
  write: (operation, output, requestId) => ({
    status: 200,
    contentType: CONTENT_TYPE,
    body: xml(`${operation}Response`, NAMESPACE, { requestId, ...output }),
  }),
  writeError: (error, requestId) => ({
    status: error.status,
    contentType: CONTENT_TYPE,
    body: xml('Response', undefined, { Errors: { Error: { Code: error.code, Message: error.message } }, RequestID: requestId }),
  }),
};
