import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forgetClients } from '../../src/aws/clients';
import type { AwsContext } from '../../src/aws/context';

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** What time it is there. @default - now */
  readonly date?: Date;
}

export interface StubCall {
  readonly operation: string;
  /** The JSON that was sent, or the form's fields. */
  readonly input: Record<string, unknown>;
}

export interface StubAws {
  readonly url: string;
  readonly calls: StubCall[];
  /** What to answer, by operation: each call takes the next reply, and the last one stays. An empty list is silence. */
  replies: Record<string, Reply[]>;
  /** Waits for the next call. */
  received(): Promise<unknown>;
  stop(): Promise<void>;
}

export const json = (body: object): Reply => ({ status: 200, type: 'application/x-amz-json-1.1', body: JSON.stringify(body) });
export const jsonError = (name: string, message: string = 'said AWS', status: number = 400): Reply => ({
  ...json({ __type: name, message, Message: message }), status,
});
export const xml = (body: string): Reply => ({ status: 200, type: 'text/xml', body: `<?xml version="1.0" encoding="UTF-8"?>${body}` });
export const ec2Error = (code: string, message: string = 'said AWS', status: number = 400): Reply => ({
  ...xml(`<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>ec2-request</RequestID></Response>`), status,
});
export const queryError = (code: string, message: string = 'said AWS', status: number = 400): Reply => ({
  ...xml(`<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>rds-request</RequestId></ErrorResponse>`), status,
});

// The SDK says so once for each test file, and nobody reads it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** The environment of a person whose credentials and region are set, and whose AWS is the stub. */
const environment = (url: string): Record<string, string | undefined> => ({
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: 'AKIDSTUB',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
  AWS_REGION: 'eu-central-1',
  AWS_DEFAULT_REGION: undefined,
  AWS_PROFILE: undefined,
  AWS_CONFIG_FILE: '/nonexistent/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
  AWS_EC2_METADATA_DISABLED: 'true',
});

export const context: AwsContext = { aws: {}, log: { debug() {}, info() {}, warn() {}, error() {} } };

/** Answers on loopback what a test tells it to, in the words that the SDK's clients understand. */
export async function startStubAws(): Promise<StubAws> {
  const calls: StubCall[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes) => { body += bytes; });
    request.on('end', () => {
      const target = request.headers['x-amz-target'];
      const input = target ? JSON.parse(body) as Record<string, unknown> : Object.fromEntries(new URLSearchParams(body));
      const operation = target ? String(target).split('.')[1]! : String(input.Action);
      calls.push({ operation, input });
      const queue = stub.replies[operation] ?? [jsonError('UnknownOperationException')];
      server.emit('received');
      const reply = queue.length > 1 ? queue.shift() : queue[0];
      if (!reply) return;
      response.writeHead(reply.status, { 'content-type': reply.type, 'x-amzn-requestid': 'stub-request', ...(reply.date && { date: reply.date.toUTCString() }) }).end(reply.body);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const restore = setEnvironment(environment(url));
  forgetClients();
  const stub: StubAws = {
    url,
    calls,
    replies: {},
    received: async () => once(server, 'received'),
    async stop() {
      restore();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return stub;
}

/** Sets variables, and gives back a way to have all of them as they were. */
export function setEnvironment(variables: Record<string, string | undefined>): () => void {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  const assign = (values: Record<string, string | undefined>) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  assign(variables);
  return () => assign(before);
}
