import { once } from 'node:events';
import { parseArgs } from 'node:util';
import type { Call } from './calls';
import type { Address } from './hosts';
import { LocalAws } from '.';

const USAGE = `Serves a synthesized template as an AWS on loopback, until Ctrl-C.

  npm run local-aws -- --template cdk.out/X.template.json [--template ...] [options]

  --port N                          listen here (any free port)
  --map host[:port]=127.0.0.1:5432  a real server that stands for a host name of the template; may be repeated
  --account 123456789012            whose account this is
  --region us-east-1                the region of the stacks
`;

/** How long a machine of the real AWS takes, roughly: this is for people to look at. */
const TIMING = { pending: 5000, stopping: 10_000, shuttingDown: 5000, agentDelay: 3000, healing: 30_000 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      template: { type: 'string', multiple: true, default: [] },
      map: { type: 'string', multiple: true, default: [] },
      port: { type: 'string', default: '0' },
      account: { type: 'string' },
      region: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [template, ...others] = values.template;
  if (values.help || template === undefined) {
    process.stderr.write(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const mappings = values.map.map(readMapping);
  const place = { account: values.account, region: values.region };
  const aws = await LocalAws.start({ template, port: Number(values.port), timing: TIMING, ...place });
  for (const other of others) await aws.load(other, place);
  for (const [name, address] of mappings) aws.hosts.map(name, address);
  aws.calls.on('ended', (call) => process.stderr.write(`${describe(call)}\n`));
  process.stdout.write(`${exports(aws)}\n`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await aws.close();
}

function readMapping(mapping: string): [string, Address] {
  const [, name, host, port] = /^([^=]+)=(.+):(\d+)$/.exec(mapping) ?? [];
  if (name === undefined) throw new Error(`--map ${mapping}: expected host=127.0.0.1:5432`);
  return [name, { host: host!, port: Number(port) }];
}

/** A profile of the shell's would come before the keys. */
function exports(aws: LocalAws): string {
  return ['unset AWS_PROFILE', ...Object.entries(aws.environment).map(([name, value]) => `export ${name}='${value}'`)].join('\n');
}

function describe({ at, service, operation, region, outcome, errorCode, input }: Call): string {
  return `${at.toISOString()} ${service}:${operation} ${region ?? '-'} ${errorCode ?? outcome} ${JSON.stringify(input)}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
