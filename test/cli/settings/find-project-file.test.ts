import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, lchownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findProjectFile } from '../../../src/cli/settings/find-project-file';
import type { Problem } from '../../../src/problem';

let root: string;
let home: string;
let project: string;
let deep: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'project-')));
  home = join(root, 'home');
  project = join(home, 'project');
  deep = join(project, 'packages', 'app');
  mkdirSync(deep, { recursive: true });
  jest.spyOn(os, 'homedir').mockImplementation(() => home);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true });
});

function write(path: string, json: unknown): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof json === 'string' ? json : JSON.stringify(json));
  return path;
}

const labelFrom = (folder: string, told?: string) => findProjectFile(told, folder)?.label;
const refused = (folder: string, told?: string) => expect(() => findProjectFile(told, folder));
const problem = (message: string, next: string) =>
  expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message), next: expect.stringContaining(next) }) as unknown as Problem;
const whereRoot = process.getuid?.() === 0 ? test : test.skip as typeof test;

test('there need be none', () => {
  expect(findProjectFile(undefined, deep)).toBeUndefined();
});

test('the nearest folder wins, and connect.json before package.json in one folder; a package.json without our key is passed over', () => {
  write(join(home, 'connect.json'), {});
  expect(labelFrom(deep)).toBe('../../../connect.json');
  write(join(project, 'package.json'), { connect: {} });
  expect(labelFrom(deep)).toBe('../../package.json');
  write(join(project, 'connect.json'), {});
  expect(labelFrom(deep)).toBe('../../connect.json');
  write(join(deep, 'package.json'), { name: 'app' });
  expect(labelFrom(deep)).toBe('../../connect.json');
  write(join(deep, 'package.json'), { connect: {} });
  expect(labelFrom(deep)).toBe('package.json');
});

test('what is above home is not read; from a folder that is not at home it is looked for up to the root', () => {
  write(join(root, 'connect.json'), {});
  expect(labelFrom(deep)).toBeUndefined();
  expect(labelFrom(home)).toBeUndefined();
  const outside = join(root, 'home-of-another');
  mkdirSync(outside);
  expect(labelFrom(outside)).toBe('../connect.json');
});

test('home may be a link', () => {
  symlinkSync(home, join(root, 'link'));
  home = join(root, 'link');
  write(join(root, 'connect.json'), {});
  expect(labelFrom(deep)).toBeUndefined();
});

test('the file that is told is read in place of the one found, and none reads none', () => {
  write(join(project, 'connect.json'), {});
  write(join(root, 'team.json'), { region: 'us-east-1' });
  expect(findProjectFile(join(root, 'team.json'), project)?.values.region?.value).toBe('us-east-1');
  expect(findProjectFile('../../team.json', project)?.values.region?.value).toBe('us-east-1');
  expect(findProjectFile('none', project)).toBeUndefined();
  refused(project, 'nosuch.json').toThrow(problem('there is no file nosuch.json', '--config none'));
  write(join(root, 'package.json'), {});
  refused(project, '../../package.json').toThrow(problem('has no key "connect"', '--config none'));
});

test.each(['not json', '{ "connect": ', '[]', 'null', '"connect"'])('a package.json that holds %s is another program\'s matter', (text) => {
  write(join(project, 'package.json'), text);
  expect(findProjectFile(undefined, project)).toBeUndefined();
});

test('a connect.json that is no JSON is refused, with the place and without its words', () => {
  const path = write(join(project, 'connect.json'), '{\n  "region": hunter2 }');
  refused(project).toThrow(problem('connect.json is not JSON', '--config none'));
  refused(project).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2') }) as unknown as Problem);
  write(path, '\ufeff{}');
  expect(labelFrom(project)).toBe('connect.json');
});

test('a file that everybody can change is refused', () => {
  chmodSync(write(join(project, 'connect.json'), {}), 0o666);
  refused(deep).toThrow(problem('../../connect.json can be changed by everybody (mode 666)', `chmod o-w ${join(project, 'connect.json')}`));
  rmSync(join(project, 'connect.json'));
  const path = write(join(project, 'package.json'), { connect: {} });
  chmodSync(path, 0o602);
  refused(project).toThrow(problem('package.json can be changed by everybody', 'chmod o-w'));
  write(path, {});
  expect(findProjectFile(undefined, project)).toBeUndefined();
});

whereRoot('a file of another user, or a link of another user to one of ours, is refused', () => {
  const path = write(join(project, 'connect.json'), {});
  chownSync(path, 65534, 65534);
  refused(project).toThrow(problem('connect.json belongs to another user (uid 65534)', `sudo chown -h 0 ${path}`));
  rmSync(path);
  symlinkSync(write(join(root, 'ours.json'), {}), path);
  expect(labelFrom(project)).toBe('connect.json');
  lchownSync(path, 65534, 65534);
  refused(project).toThrow(problem('belongs to another user', '--config none'));
  rmSync(path);
  const manifest = write(join(project, 'package.json'), {});
  chownSync(manifest, 65534, 65534);
  expect(findProjectFile(undefined, project)).toBeUndefined();
  write(manifest, { connect: {} });
  refused(project).toThrow(problem('package.json belongs to another user', '--config none'));
});

test('what is no regular file is refused, and keeps nobody waiting', () => {
  const path = join(project, 'connect.json');
  mkdirSync(path);
  refused(project).toThrow(problem('connect.json is no regular file', '--config none'));
  rmSync(path, { recursive: true });
  execFileSync('mkfifo', [path]);
  refused(project).toThrow(problem('connect.json is no regular file', '--config none'));
  rmSync(path);
  symlinkSync(join(root, 'nowhere'), path);
  refused(project).toThrow(problem('connect.json cannot be read (ENOENT)', '--config none'));
  rmSync(path);
  write(path, ' '.repeat(1024 * 1024 + 1));
  refused(project).toThrow(problem('connect.json is larger than', '--config none'));
});
