/** What to do about a descriptor or a document that is not there, or not as the construct made it. */
export const DEPLOY_AGAIN = 'deploy the stack of this target again: cdk deploy';
