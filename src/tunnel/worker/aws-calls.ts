import type { AwsContext } from '../../aws/context';
import type { BastionCalls } from './bastion-waker';

/** The look at a bastion, with the clients for it loaded when they are first needed. */
export function bastionCalls(context: AwsContext): BastionCalls {
  return {
    async getEc2Instance(exid) {
      const { getEc2Instance } = await import('../../aws/slow-path');
      return getEc2Instance({ by: { exid } }, context);
    },
    async startEc2Instance(instanceId) {
      const { setEc2InstanceStatus } = await import('../../aws/slow-path');
      await setEc2InstanceStatus({ by: { instanceId }, to: 'RUNNING' }, context);
    },
  };
}
