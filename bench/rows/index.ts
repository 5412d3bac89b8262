import { ceilingRow } from './ceiling';
import { codecRow } from './codec';
import { firstByteRow } from './first-byte';
import { floorRow } from './floor';
import { intakeRow } from './intake';
import { launchRow } from './launch';
import { readyRow } from './ready';
import { duringDownloadRow, duringUploadRow, idleRow } from './round-trip';
import type { BareRow, TunnelRow } from './row';
import { startRow } from './start';
import { eightRow, oneRow, unpacedRow } from './throughput';

/** The ceiling comes first: what follows is held against it. */
export const BARE_ROWS: readonly BareRow[] = [ceilingRow, intakeRow, floorRow, launchRow, codecRow];
export const TUNNEL_ROWS: readonly TunnelRow[] = [
  startRow, readyRow, idleRow, firstByteRow, duringUploadRow, duringDownloadRow, oneRow, eightRow, unpacedRow,
];
export const ROWS = [...BARE_ROWS, ...TUNNEL_ROWS];
