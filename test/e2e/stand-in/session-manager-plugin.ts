/**
 * Stands in for the official plugin, as far as its contract with the AWS CLI goes: its arguments, its words on standard output,
 * its listener and its signals. The bytes are carried by our own session.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { ResumeSessionCommand, SSMClient, TerminateSessionCommand } from '@aws-sdk/client-ssm';
import { openSession, type SessionTicket } from '../../../src/session';

const VERSION = process.env.STAND_IN_PLUGIN_VERSION ?? '1.2.835.0';

async function main([response, region, operation, profile, request, endpoint]: string[]): Promise<number> {
  if (response === '--version') return say(`${VERSION}\n`);
  if (operation !== 'StartSession') return say(`Unknown operation ${operation}\n`);
  const ticket = JSON.parse(response!.startsWith('AWS_SSM_START_SESSION_RESPONSE') ? process.env[response!]! : response!) as SessionTicket;
  const { Target, Parameters } = JSON.parse(request!) as { Target?: string; Parameters: Record<string, string[]> };
  if (typeof Target !== 'string') throw new Error('panic: interface conversion');
  say(`\nStarting session with SessionId: ${ticket.SessionId}\n`);

  const ssm = new SSMClient({ region, endpoint, ...(profile === '' ? {} : { profile }) });
  const session = await openSession({
    log: { debug: () => undefined, info: () => undefined, warn: () => say('\nConnection to destination port failed, check SSM Agent logs.\n') },
    allowInsecureLoopback: true,
    gateway: {
      region: region!,
      start: async () => ticket,
      resume: async (SessionId) => ({ ...ticket, ...await ssm.send(new ResumeSessionCommand({ SessionId })) }) as SessionTicket,
      terminate: async (SessionId) => void await ssm.send(new TerminateSessionCommand({ SessionId })),
      credentials: async () => ssm.config.credentials(),
    },
  });
  let isFirst = true;
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    if (isFirst) say(`\nConnection accepted for session [${ticket.SessionId}]\n`);
    isFirst = false;
    session.forward(socket);
  });
  server.listen(Number(Parameters.localPortNumber?.[0] ?? 0), '127.0.0.1');
  await once(server, 'listening');
  say(`Port ${(server.address() as AddressInfo).port} opened for sessionId ${ticket.SessionId}.`);
  say('\nWaiting for connections...\n');

  const reason = await Promise.race([once(process, 'SIGINT').then(() => undefined), session.ended]);
  if (reason) return say(`\n\nSessionId: ${ticket.SessionId} : ${reason.reason}\n\n`);
  say('Terminate signal received, exiting.\n');
  await session.close();
  return say(`\n\nExiting session with sessionId: ${ticket.SessionId}.\n\n`);
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

main(process.argv.slice(2)).then((code) => process.exit(code), (error: Error) => {
  say(`Cannot perform start session: ${error.message}\n`);
  process.exit(0);
});
