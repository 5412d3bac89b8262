import { AwsError } from '../aws-error';
import { awsJson } from '../protocols/aws-json';
import type { StoredSecrets } from '../state/stored-secrets';
import type { Service } from './service';

/** A text is for `SecretString`, bytes are for `SecretBinary`, in base64 on the wire. */
export function secretsManager(secrets: StoredSecrets): Service {
  return {
    name: 'secretsmanager',
    protocol: awsJson,
    operations: {
      GetSecretValue: ({ SecretId: id }: { SecretId?: string }, caller) => {
        if (id === undefined) throw new AwsError('ValidationException', '1 validation error detected: Value null at \'secretId\' failed to satisfy constraint: Member must not be null');
        const secret = secrets.find(caller, id);
        if (secret === undefined) throw new AwsError('ResourceNotFoundException', 'Secrets Manager can\'t find the specified secret.');
        if (secret.isDeleted) {
          throw new AwsError('InvalidRequestException', 'You can\'t perform this operation on the secret because it was marked for deletion.');
        }
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: secret.versionId,
          SecretString: secret.text,
          SecretBinary: secret.bytes?.toString('base64'),
          VersionStages: ['AWSCURRENT'],
          CreatedDate: secret.createdAt,
        };
      },
    },
  };
}
