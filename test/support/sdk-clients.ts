import { EC2Client } from '@aws-sdk/client-ec2';
import { RDSClient } from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';

export interface SdkClients {
  readonly ec2: EC2Client;
  readonly rds: RDSClient;
  readonly secretsManager: SecretsManagerClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
  destroy(): void;
}

/** The SDK's clients, told by an environment where to go, as `LocalAws` gives one. They try once unless told otherwise. */
export function sdkClients(environment: Readonly<Record<string, string>>, maxAttempts = 1): SdkClients {
  const settings = {
    endpoint: environment.AWS_ENDPOINT_URL!,
    region: environment.AWS_REGION!,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID!,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY!,
      sessionToken: environment.AWS_SESSION_TOKEN,
    },
    maxAttempts,
  };
  const clients = {
    ec2: new EC2Client(settings),
    rds: new RDSClient(settings),
    secretsManager: new SecretsManagerClient(settings),
    ssm: new SSMClient(settings),
    sts: new STSClient(settings),
  };
  return { ...clients, destroy: () => Object.values(clients).forEach((client) => client.destroy()) };
}
