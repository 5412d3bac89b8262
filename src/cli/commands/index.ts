import type { Command } from '../command';
import { close } from './close';
import { list } from './list';
import { logs } from './logs';
import { open } from './open';
import { status } from './status';
import { targets } from './targets';

/** The verbs, in the order in which help lists them. The first is what `connect <target>` does. */
export const COMMANDS: readonly Command[] = [open, status, close, list, targets, logs];
