/** What opening a tunnel asks AWS when something is missing or asleep. The clients of EC2, RDS, Secrets Manager and STS are heavy: a bundle of their own, loaded when needed. */
export { castToDeclaredAwsEc2Instance, type DeclaredAwsEc2Instance, type Ec2InstanceStatus } from './ec2/declared-instance';
export { getEc2Instance } from './ec2/get-instance';
export { maySetEc2InstanceStatus, setEc2InstanceStatus } from './ec2/set-instance-status';
export { castToDeclaredAwsRdsCluster, type DeclaredAwsRdsCluster, getRdsCluster } from './rds/cluster';
export { getSecretText } from './secrets/get-secret';
export { type CallerIdentity, getCallerIdentity } from './sts/get-caller-identity';
