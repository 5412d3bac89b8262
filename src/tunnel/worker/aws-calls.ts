import type { AwsContext } from '../../aws/context';
import type * as slowPath from '../../aws/slow-path';
import type { BastionCalls } from './bastion-waker';

/** The look at a bastion, with the clients for it loaded when they are first needed. */
export function bastionCalls(loadSlowPath: () => typeof slowPath, context: AwsContext): BastionCalls {
  return {
    getEc2Instance: async (exid) => loadSlowPath().getEc2Instance({ by: { exid } }, context),
    startEc2Instance: async (instanceId) => {
      await loadSlowPath().setEc2InstanceStatus({ by: { instanceId }, to: 'RUNNING' }, context);
    },
  };
}
