import { awsQuery } from '../protocols/aws-query';
import type { Service } from './service';

export const sts: Service = {
  name: 'sts',
  protocol: awsQuery('https://sts.amazonaws.com/doc/2011-06-15/'),
  operations: {
    GetCallerIdentity: (_input, caller) => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.account }),
  },
};
