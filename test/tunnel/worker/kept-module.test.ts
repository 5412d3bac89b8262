import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepModule } from '../../../src/tunnel/worker/kept-module';

test('loads a module whose file is gone by then, once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'connect-kept-'));
  const path = join(folder, 'module.cjs');
  writeFileSync(path, 'module.exports = { separator: require("node:path").sep, at: __filename, made: Symbol() };');
  const load = keepModule<{ separator: string; at: string; made: symbol }>(path);
  rmSync(folder, { recursive: true });
  const first = load();
  expect(first).toMatchObject({ separator: '/', at: path });
  expect(load().made).toBe(first.made);
});
