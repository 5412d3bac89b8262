import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OLDEST_NODE, refusalOf } from '../../src/launch/oldest-node';

const ROOT = join(__dirname, '..', '..');

test.each(['20.16.0', '20.100.1', '22.0.0', '26.10.0', '100.0.0-nightly'])('Node %s will do', (version) => {
  expect(refusalOf(version)).toBeUndefined();
});

test.each(['20.15.9', '18.20.8', '8.0.0', '0.12.18'])('Node %s will not', (version) => {
  expect(refusalOf(version)).toBe(`error: Node ${version} is too old: connect needs 20.16 or newer\nnext:  install a newer one: https://nodejs.org\n`);
});

test('the package says the same', () => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(engines.node).toBe(`>= ${OLDEST_NODE.join('.')}.0`);
});

test('the command says it in place of whatever would fail first, with exit code 2', () => {
  const folder = mkdtempSync(join(tmpdir(), 'connect-old-'));
  const preload = join(folder, 'preload.cjs');
  writeFileSync(preload, 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.8" } }); delete require("node:zlib").crc32;');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', preload, join(ROOT, 'bin', 'connect'), 'list'], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining('Node 18.20.8 is too old') });
});
