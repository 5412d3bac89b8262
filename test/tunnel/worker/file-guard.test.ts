import { mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess } from '../../../src/tunnel/process-identity';
import { openStore, type Store } from '../../../src/tunnel/store';
import { fileProblem } from '../../../src/tunnel/store/file-problem';
import { FileGuard } from '../../../src/tunnel/worker/file-guard';
import { someMeta } from '../some-meta';

const HASH = '0123456789abcdef';
const CHECK = 2_000;

let folder: string;
let store: Store;
let sessionIds: string[];
let said: string[];
let lost: string[];
let guard: FileGuard;
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'guard-')));
  store = await openStore(join(folder, 'tunnels'));
  [sessionIds, said, lost] = [['first'], [], []];
  const note = (message: string): void => { said.push(message); };
  jest.useFakeTimers();
  guard = new FileGuard({
    store,
    hash: HASH,
    log: { debug: note, info: note, warn: note, error: note },
    meta: () => someMeta({ worker: identifyProcess(process.pid)!, sessionIds }),
    isReachable: () => true,
    makeReachable: async () => undefined,
    lost: (reason) => lost.push(reason),
  });
});
afterEach(() => {
  guard.stop();
  jest.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const onDisk = (): string[] => JSON.parse(readFileSync(store.pathsOf(HASH).meta, 'utf8')).sessionIds;

/** A disk that takes nothing. */
function fill(): () => void {
  const write = jest.spyOn(store, 'write').mockImplementation(() => { throw new Error('the disk is full (ENOSPC)'); });
  return () => write.mockRestore();
}

test('a disk that is full does not end a tunnel whose files name it; what they say is made good when there is room', () => {
  guard.write();
  guard.start();
  const free = fill();
  sessionIds = ['second'];
  guard.write();
  jest.advanceTimersByTime(10 * CHECK);
  expect({ lost, onDisk: onDisk(), said }).toEqual({ lost: [], onDisk: ['first'], said: [expect.stringContaining('the disk is full (ENOSPC)')] });
  free();
  jest.advanceTimersByTime(CHECK);
  expect(onDisk()).toEqual(['second']);
  expect(said.slice(1)).toEqual([expect.stringContaining('up to date again')]);
});

test('connections that have taken all file handles do not end a tunnel', () => {
  guard.write();
  guard.start();
  const fail = () => { throw fileProblem('a.meta', 'written', Object.assign(new Error('too many open files'), { code: 'EMFILE' })) as Error; };
  jest.spyOn(store, 'names').mockReturnValue(false);
  jest.spyOn(store, 'identifies').mockReturnValue(false);
  jest.spyOn(store, 'write').mockImplementation(fail);
  sessionIds = ['second'];
  jest.advanceTimersByTime(10 * CHECK);
  expect(lost).toEqual([]);
  jest.restoreAllMocks();
  jest.advanceTimersByTime(CHECK);
  expect(onDisk()).toEqual(['second']);
});

test('a tunnel that cannot write its files in the first place does not start', () => {
  fill();
  expect(() => guard.write()).toThrow('the disk is full');
});

test.each([
  ['missing', () => rmSync(store.pathsOf(HASH).meta)],
  ['another\'s', () => writeFileSync(store.pathsOf(HASH).pid, '1')],
  ['cut short', () => writeFileSync(store.pathsOf(HASH).meta, readFileSync(store.pathsOf(HASH).meta).subarray(0, 20))],
  ['elsewhere', () => renameSync(store.dir, `${store.dir}.moved`)],
])('files that are %s and cannot be put back end it', (_, damage) => {
  guard.write();
  guard.start();
  fill();
  damage();
  jest.advanceTimersByTime(CHECK);
  expect(lost).toEqual([expect.stringContaining('the disk is full')]);
});
