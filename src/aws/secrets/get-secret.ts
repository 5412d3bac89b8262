import { GetSecretValueCommand, type GetSecretValueResponse, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Problem } from '../../problem';
import { printable } from '../../text';
import { type AwsCall, callAws } from '../call';
import { clientOf } from '../clients';
import type { AwsContext } from '../context';
import { profileName } from '../region';
import { DEPLOY_AGAIN } from '../ssm/deploy-again';

const ARN = /^arn:[\w-]+:secretsmanager:([\w-]+):\d{12}:secret:.+/;

/**
 * The text of a secret, by its ARN, from the region that the ARN names. Never to be shown, logged or put into an error.
 * @throws Problem CREDENTIALS when it cannot be had, or holds bytes and no text
 */
export async function getSecretText({ secretArn }: { secretArn: string }, context: AwsContext): Promise<string> {
  const region = ARN.exec(secretArn)?.[1];
  if (region === undefined) throw unreadable(`${printable(secretArn)} is no ARN of a secret`, DEPLOY_AGAIN);
  const there: AwsContext = { ...context, aws: { ...context.aws, region } };
  const client = await clientOf(SecretsManagerClient, there);
  const { SecretString: text } = await callAws(callFor(secretArn, there), there,
    (options) => client.send(new GetSecretValueCommand({ SecretId: secretArn }), options));
  if (text === undefined) throw unreadable(`secret ${secretArn} holds bytes and no text`, 'store it as JSON with "username" and "password"');
  return text;
}

function callFor(secretArn: string, { aws: { profile } }: AwsContext): AwsCall<GetSecretValueResponse> {
  const because = (why: string, next: string) => (cause: Error): Problem => unreadable(`secret ${secretArn} ${why} (${printable(cause.message)})`, next, cause);
  return {
    call: 'secretsmanager:GetSecretValue',
    otherwise: 'CREDENTIALS',
    problems: {
      AccessDeniedException: because(
        `may not be read with profile "${profileName(profile)}": secretsmanager:GetSecretValue is not allowed`,
        'have it granted (grantConnect of the target, with readSecret: true), or log in in another way: --auth iam, --auth none',
      ),
      ResourceNotFoundException: because('does not exist', `${DEPLOY_AGAIN}, or log in in another way: --auth iam, --auth none`),
      InvalidRequestException: because('cannot be read now', 'look whether it is marked for deletion: aws secretsmanager describe-secret --secret-id <arn>'),
      DecryptionFailure: because('cannot be decrypted', 'have kms:Decrypt granted on its key (grantConnect of the target, with readSecret: true)'),
    },
  };
}

function unreadable(message: string, next: string, cause?: Error): Problem {
  return new Problem('CREDENTIALS', message, { next, cause });
}
