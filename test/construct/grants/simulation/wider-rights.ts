import type { PolicyDocument } from './policies';

/** For those who may start sessions elsewhere: what keeps them to the tunnels here. docs/security.md shows the same. */
export const DENY: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'NoShellOnBastion',
      Effect: 'Deny',
      Action: 'ssm:StartSession',
      Resource: 'arn:aws:ec2:*:*:instance/*',
      Condition: {
        StringEquals: { 'ssm:resourceTag/exid': 'vpc-main-bastion' },
        Bool: { 'ssm:SessionDocumentAccessCheck': 'false' },
      },
    },
    {
      Sid: 'NoCommandOnBastion',
      Effect: 'Deny',
      Action: 'ssm:SendCommand',
      Resource: 'arn:aws:ec2:*:*:instance/*',
      Condition: { StringEquals: { 'ssm:resourceTag/exid': 'vpc-main-bastion' } },
    },
    {
      Sid: 'NoOtherDocument',
      Effect: 'Deny',
      Action: 'ssm:StartSession',
      NotResource: [
        'arn:aws:ssm:*:*:document/tunnel-ahbodedb-writer-ce012ea2',
        'arn:aws:ssm:*:*:document/tunnel-ahbodedb-reader-ce012ea2',
        'arn:aws:ec2:*:*:instance/*',
        'arn:aws:ssm:*:*:managed-instance/*',
        'arn:aws:ecs:*:*:task/*',
      ],
    },
  ],
};

/** Rights of an operator, as AWS's samples give them. */
export const OPERATOR: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Operate', Effect: 'Allow', Action: ['ssm:StartSession', 'ssm:SendCommand'], Resource: '*' }],
};
