/** Milliseconds of round trip that the network adds. */
export const ROUND_TRIPS = [0, 10, 20, 80];

/** A limit that the issue sets, and at which added round trips. */
export interface Must {
  readonly at: readonly number[];
  readonly bound: 'at least' | 'at most';
  readonly limit: number;
  /** What the figure is held against. @default - it stands for itself */
  readonly scale?: Scale;
  /** Added round trips that are not counted, since nobody can do without them. @default 0 */
  readonly roundTrips?: number;
  /** What one would rather have. */
  readonly aim?: number;
}

/**
 * A multiple of the fixture's ceiling in the same round; a multiple of what a reader that does nothing but acknowledge gets at the same time,
 * which is the ceiling with all that disturbs it; a multiple of what Node alone takes to start and end, in the same row; what goes beyond the
 * added round trip.
 */
export type Scale = 'x ceiling' | 'x reader' | 'x node' | 'over the round trip';

export interface Figure {
  readonly label: string;
  readonly unit: 'ms' | 'MiB/s' | 'MiB' | 'ms/MiB' | '1/s';
  readonly must?: Must;
  /** What the official client reached, by added round trip, or at one that is not on record: measured elsewhere. */
  readonly official?: Readonly<Record<number, string>> | string;
}

/** What is measured, in the order of the table. The official client's figures are those of the protocol notes, section 9. */
export const FIGURES = {
  'ceiling': { label: 'ceiling of the fixture, 1 session', unit: 'MiB/s' },
  'ceiling.eight': { label: 'ceiling of the fixture, 8 sessions', unit: 'MiB/s' },
  'intake': { label: 'what the fixture takes in, 1 session', unit: 'MiB/s' },
  'node': { label: 'start of Node alone', unit: 'ms' },
  'start.node': { label: '`node -e 0`, beside the commands that follow', unit: 'ms' },
  'start.version': { label: '`connect --version`', unit: 'ms', must: { at: [20], bound: 'at most', limit: 1.4, scale: 'x node' } },
  'start.help': { label: '`connect --help`', unit: 'ms', must: { at: [20], bound: 'at most', limit: 1.4, scale: 'x node' } },
  'start.list': { label: '`connect list`, 50 tunnels', unit: 'ms', must: { at: [20], bound: 'at most', limit: 2, scale: 'x node' } },
  // GetParameter; the question to the database goes out beside it.
  'start.reuse': { label: '`connect`, tunnel is open', unit: 'ms', must: { at: [20], bound: 'at most', limit: 2.2, scale: 'x node', roundTrips: 1 } },
  // GetParameter, StartSession, the handshake, the question to the database.
  'start.open': { label: '`connect`, until the database answers', unit: 'ms', must: { at: [20], bound: 'at most', limit: 4, scale: 'x node', roundTrips: 4 } },
  'ready': { label: 'spawn to ready', unit: 'ms', official: { 0: '26-105', 20: '65-73', 80: '173-189' } },
  'firstByte': { label: 'connect and first byte, p50', unit: 'ms', official: { 0: '3.2', 20: '22.9', 80: '83.6' } },
  'floor': { label: '64 bytes there and back, no tunnel, p50', unit: 'ms' },
  'idle.p50': { label: 'the same through the tunnel, idle, p50', unit: 'ms', official: { 0: '0.8', 20: '21.3', 80: '82.0' } },
  'idle.p95': { label: 'the same through the tunnel, idle, p95', unit: 'ms', official: { 0: '1.8', 20: '21.6', 80: '86.0' } },
  'duringUpload.p50': {
    label: 'the same during a bulk upload, p50',
    unit: 'ms',
    official: { 10: '235' },
    must: { at: [10], bound: 'at most', limit: 10, scale: 'over the round trip' },
  },
  'duringUpload.p95': { label: 'the same during a bulk upload, p95', unit: 'ms', official: { 10: '242' } },
  'duringDownload.p50': {
    label: 'the same during a bulk download, p50',
    unit: 'ms',
    official: { 0: '269', 20: '239', 80: '229' },
    must: { at: ROUND_TRIPS, bound: 'at most', limit: 20, scale: 'over the round trip' },
  },
  'duringDownload.p95': { label: 'the same during a bulk download, p95', unit: 'ms', official: { 0: '302', 20: '265', 80: '256' } },
  'download.one': {
    label: 'download, 1 connection',
    unit: 'MiB/s',
    official: { 0: '0.66', 20: '0.78', 80: '0.79' },
    must: { at: [20], bound: 'at least', limit: 0.95, scale: 'x reader' },
  },
  'beside.one': { label: '  a reader beside it', unit: 'MiB/s' },
  'upload.one': {
    label: 'upload, 1 connection',
    unit: 'MiB/s',
    official: { 0: '0.69', 20: '0.76', 80: '0.77' },
    must: { at: [20], bound: 'at least', limit: 0.86 },
  },
  'download.eight': {
    label: 'download, 8 connections, 8 lanes',
    unit: 'MiB/s',
    official: { 0: '0.67', 20: '0.77', 80: '0.72' },
    must: { at: [20], bound: 'at least', limit: 6.5, scale: 'x ceiling' },
  },
  'upload.eight': {
    label: 'upload, 8 connections, 8 lanes',
    unit: 'MiB/s',
    official: { 0: '0.69', 20: '0.77', 80: '0.75' },
    must: { at: [20], bound: 'at least', limit: 6 },
  },
  'unpaced': { label: 'upload, 1 connection, unpaced', unit: 'MiB/s', must: { at: [20], bound: 'at least', limit: 20 }, official: '0.7' },
  'rss.node': { label: 'RSS of Node alone', unit: 'MiB' },
  'rss.ready': {
    label: 'RSS of the worker, ready', unit: 'MiB', must: { at: [0, 20, 80], bound: 'at most', limit: 70, aim: 60 }, official: '14, and 60 of the AWS CLI',
  },
  'pss.ready': { label: 'PSS of the worker, ready', unit: 'MiB', official: '6, without the AWS CLI' },
  'rss.one': { label: 'RSS of the worker, one busy', unit: 'MiB', official: '17-19, and 60 of the AWS CLI' },
  'pss.one': { label: 'PSS of the worker, one busy', unit: 'MiB' },
  'rss.eight': {
    label: 'RSS of the worker, eight busy', unit: 'MiB', must: { at: [0, 20, 80], bound: 'at most', limit: 100 }, official: '28-30, and 60 of the AWS CLI',
  },
  'pss.eight': { label: 'PSS of the worker, eight busy', unit: 'MiB' },
  'cpu.download.one': { label: 'CPU of the worker, download, 1', unit: 'ms/MiB', official: '94-109' },
  'cpu.upload.one': { label: 'CPU of the worker, upload, 1', unit: 'ms/MiB', official: '141-250' },
  'cpu.download.eight': { label: 'CPU of the worker, download, 8', unit: 'ms/MiB' },
  'cpu.upload.eight': { label: 'CPU of the worker, upload, 8', unit: 'ms/MiB' },
  'cpu.unpaced': { label: 'CPU of the worker, upload, unpaced', unit: 'ms/MiB' },
  'codec.encode': { label: 'codec: messages of 1 KiB written', unit: '1/s' },
  'codec.decode': { label: 'codec: messages of 1 KiB read', unit: '1/s' },
  'codec.acknowledge': { label: 'codec: acknowledgements written and read', unit: '1/s' },
} satisfies Record<string, Figure>;

export type FigureId = keyof typeof FIGURES;

/** Some figures, as they were measured once. */
export type Measured = Partial<Record<FigureId, number>>;

export const figureOf = (id: FigureId): Figure => FIGURES[id];
export const FIGURE_IDS = Object.keys(FIGURES) as FigureId[];
