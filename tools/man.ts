// Makes man/connect.1 from the tables that `connect --help` is made from.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../src/cli/commands';
import { manPage } from '../src/cli/help/man-page';

const root = join(__dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

mkdirSync(join(root, 'man'), { recursive: true });
writeFileSync(join(root, 'man', 'connect.1'), manPage(COMMANDS, version));
