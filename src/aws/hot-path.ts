/** What opening a tunnel asks AWS when all is well. Knows the SSM client only: a bundle of its own, loaded at once. */
export type { AwsContext, Log } from './context';
export { explainAwsError } from './errors';
export { usesCustomEndpoint } from './region';
export * from './ssm/descriptors';
export * from './ssm/resolve-region';
export * from './ssm/sessions';
