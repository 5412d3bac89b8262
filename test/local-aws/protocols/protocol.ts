import type { IncomingHttpHeaders } from 'node:http';
import type { AwsError } from '../aws-error';

/** What was asked, in the names of the AWS API and whatever the wire made of it. */
export type Input = Record<string, unknown>;

export interface ApiRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ApiAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** How the calls of a service look on the wire. */
export interface Protocol {
  operationOf(request: ApiRequest): string;
  read(request: ApiRequest): Input;
  write(operation: string, output: object, requestId: string): ApiAnswer;
  writeError(error: AwsError, requestId: string): ApiAnswer;
}
