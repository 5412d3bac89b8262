/** What opening a tunnel asks AWS when all is well. Knows the SSM client only: a bundle of its own, loaded at once. */
export type { AwsContext, Log } from './context';
export { explainAwsError } from './errors';
export { networkAdvice } from './explanations';
export { agentForWebSocket } from './network';
export { type AuthTokenRequest, makeAuthToken } from './rds/auth-token';
export { type FoundRegion, profileName } from './region';
export * from './ssm/credentials';
export { usesCustomEndpoint } from './ssm/custom-endpoint';
export * from './ssm/descriptors';
export * from './ssm/get-agent';
export * from './ssm/get-document';
export * from './ssm/resolve-region';
export * from './ssm/sessions';
