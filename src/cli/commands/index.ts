import type { Command } from '../command';
import { mysql, psql, redisCli, shell } from './clients';
import { close } from './close';
import { completionOf } from './completion';
import { config } from './config';
import { doctor } from './doctor';
import { list } from './list';
import { logs } from './logs';
import { open } from './open';
import { status } from './status';
import { targets } from './targets';
import { url } from './url';

/** The verbs, in the order in which help lists them. The first is what `connect <target>` does. */
export const COMMANDS: readonly Command[] = [
  open, psql, mysql, redisCli, shell, url, list, status, logs, close, targets, doctor, config, completionOf(() => COMMANDS),
];
