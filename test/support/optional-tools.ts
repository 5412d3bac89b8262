import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * `test` where a program is installed, `test.skip` where it is not, so that jest counts what was skipped.
 * A program that is there and does not work makes its tests fail: that is no reason to skip them.
 */
export function testWith(program: string): typeof test {
  return isInstalled(program) ? test : test.skip as typeof test;
}

export function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
