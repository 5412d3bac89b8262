/**
 * Stands in for the AWS CLI's `aws ssm start-session`, as far as its contract with whoever runs it and with its plugin goes:
 * looks for the plugin, calls StartSession, hands the answer over in an environment variable, and leaves the signals to the plugin.
 */
import { execFileSync, spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { SSMClient, StartSessionCommand } from '@aws-sdk/client-ssm';

const PLUGIN = 'session-manager-plugin';
const RESPONSE_VARIABLE = 'AWS_SSM_START_SESSION_RESPONSE';

async function main([service, operation, ...rest]: string[]): Promise<number> {
  if (service !== 'ssm' || operation !== 'start-session') return fail(252, `argument operation: Found invalid choice ${service} ${operation}`);
  const { values } = parseArgs({
    args: rest,
    options: {
      'target': { type: 'string' },
      'document-name': { type: 'string' },
      'parameters': { type: 'string' },
      'region': { type: 'string' },
      'profile': { type: 'string' },
      'reason': { type: 'string' },
    },
  });
  const request = {
    Target: values.target!, DocumentName: values['document-name'], Parameters: JSON.parse(values.parameters!), Reason: values.reason,
  };
  try {
    execFileSync(PLUGIN, ['--version']);
  } catch {
    return fail(255, 'SessionManagerPlugin is not found.');
  }
  const client = new SSMClient({ region: values.region, profile: values.profile });
  try {
    const { SessionId, TokenValue, StreamUrl } = await client.send(new StartSessionCommand(request));
    return await runPlugin([RESPONSE_VARIABLE, values.region!, 'StartSession', values.profile ?? '', JSON.stringify(request), process.env.AWS_ENDPOINT_URL!], {
      ...process.env, [RESPONSE_VARIABLE]: JSON.stringify({ SessionId, TokenValue, StreamUrl }),
    });
  } catch (error) {
    const { name, message } = error as Error;
    return fail(254, `An error occurred (${name}) when calling the StartSession operation: ${message}`);
  } finally {
    client.destroy();
  }
}

async function runPlugin(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTSTP'] as const) process.on(signal, () => undefined);
  const plugin = spawn(PLUGIN, args, { stdio: 'inherit', env });
  return new Promise((resolve) => plugin.once('exit', (code) => resolve(code ?? 255)));
}

function fail(code: number, message: string): number {
  process.stderr.write(`\n${message}\n`);
  return code;
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
