import { engineOf } from '../../engines';
import { Problem } from '../../problem';
import type { CheckedTarget } from '../../tunnel/tunnel';
import { type Client, CLIENTS } from '../clients';
import { type Command, COMMON_FLAGS, OPENING_FLAGS } from '../command';
import { LOGIN_FLAGS } from '../login';
import { runThrough } from './run';

/** Starts a client; without a name, the one that people talk to the engine with. What stands after `--` is for the client. */
function clientCommand(name: string, summary: string, program?: keyof typeof CLIENTS): Command {
  const programOf = (engine: string): string => program ?? engineOf(engine).client ?? '';
  return {
    name,
    synopsis: '[target]',
    summary,
    flags: [...OPENING_FLAGS, ...LOGIN_FLAGS, 'close', ...COMMON_FLAGS],
    afterDashes: 'arguments',
    async run(call) {
      return runThrough(call, {
        isVerified: true,
        check: (target) => void clientFor(target, programOf(target.engine)),
        command(through) {
          const own = programOf(through.tunnel.engine);
          return [own, ...CLIENTS[own]!.arguments?.(through) ?? [], ...call.childCommand ?? []];
        },
        install: ({ tunnel }) => CLIENTS[programOf(tunnel.engine)]!.install,
      });
    },
  };
}

/** @throws Problem USAGE where the client speaks another language than the target */
function clientFor({ name, engine }: CheckedTarget, program: string): Client {
  const client = CLIENTS[program];
  const { probe, client: right } = engineOf(engine);
  if (client?.speaks === probe) return client;
  const command = right === undefined ? `connect ${name} -- <command>` : `connect ${COMMAND_NAMES.includes(right) ? right : 'shell'} ${name}`;
  throw new Problem('USAGE', client ? `${name} is ${engine}, which ${program} does not speak` : `there is no client for ${engine} that connect knows`, { next: command });
}

export const psql = clientCommand('psql', 'Open psql through a tunnel, logged in; what stands after -- is for psql', 'psql');
export const mysql = clientCommand('mysql', 'Open mysql through a tunnel, logged in', 'mysql');
export const redisCli = clientCommand('redis-cli', 'Open redis-cli through a tunnel, logged in', 'redis-cli');
export const shell = clientCommand('shell', "Open the client that people use for the target's engine, logged in");

const COMMAND_NAMES: readonly string[] = [psql, mysql, redisCli].map(({ name }) => name);
