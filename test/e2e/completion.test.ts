import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { testWith } from '../support/optional-tools';
import { BIN } from './support/connect';
import { scenario } from './support/scenario';
import type { World } from './support/world';

/** What a shell runs to find out what the last word of a line may become. Of zsh, whose completion needs a terminal, only our part. */
const ASK = {
  bash: (line: string) => `
    eval "$(connect completion bash)"; COMP_LINE='${line}'; COMP_POINT=${line.length}; _connect; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (line: string) => `
    compdef() { }; _describe() { print -l -- "\${(@P)2%%:*}" }; _normal() { print "the shell's own: $words[CURRENT]" }
    eval "$(connect completion zsh)"; words=(${line.split(' ').map((word) => `'${word}'`).join(' ')}); CURRENT=$#words; _connect`,
  fish: (line: string) => `connect completion fish | source; complete -C '${line}' | string replace -r '\\t.*' ''; true`,
} as const;

type Shell = keyof typeof ASK;

async function completer({ environment, atEnd }: World, shell: Shell): Promise<(line: string) => Promise<string[]>> {
  // Where fish keeps what it remembers.
  const own = await mkdtemp(join(tmpdir(), 'completion-'));
  atEnd(() => rm(own, { recursive: true, force: true }));
  const env = { ...environment, PATH: `${dirname(BIN)}:${environment.PATH}`, XDG_CONFIG_HOME: own, XDG_DATA_HOME: own };
  const quiet = { bash: ['--norc', '--noprofile'], zsh: ['-f'], fish: ['--no-config'] }[shell];
  return async (line) => {
    const { stdout } = await promisify(execFile)(shell, [...quiet, '-c', ASK[shell](line)], { env });
    return stdout.split('\n').filter((word) => word !== '').sort();
  };
}

for (const shell of Object.keys(ASK) as Shell[]) {
  scenario(`${shell} completes verbs, targets, tunnels, flags and their values`, async (world) => {
    const complete = await completer(world, shell);
    // From here on the names are remembered, and nobody waits for AWS.
    await world.connect('targets');
    expect(await complete('connect ahb')).toEqual(['ahbodedb']);
    expect(await complete('connect stat')).toEqual(['status']);
    expect(await complete('connect close a')).toEqual([]);
    await world.open();
    expect(await complete('connect close a')).toEqual(['ahbodedb']);
    expect(await complete('connect close --stop')).toEqual(['--stop-bastion']);
    expect(await complete('connect ahbodedb --role ')).toEqual(['reader', 'writer']);
    expect((await complete('connect ahbodedb -- nod')).join()).toMatch(/\bnod/);
    await world.closeAll();
  }, { run: testWith(shell) });
}

scenario('where AWS cannot say the names, there is no error and no long wait', async ({ aws, connect }) => {
  aws.faults.delay('GetParametersByPath', 10_000);
  const late = await connect(['completion', '--', 'stat']);
  aws.faults.clear();
  aws.faults.deny('GetParametersByPath');
  const denied = await connect(['completion', '--', 'stat']);
  const nobody = await connect(['completion', '--', 'stat'], { environment: { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_SESSION_TOKEN: undefined } });
  for (const { exit, stdout, stderr } of [late, denied, nobody]) {
    expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: 'status\tSay whether a tunnel is open; exit code 9 where it is not\n', stderr: '' });
  }
});

scenario('a shell that is not known is exit 2, and that of the environment is taken', async ({ connect }) => {
  expect(await connect('completion tcsh')).toMatchObject({ exit: 2, stderr: expect.stringContaining('connect completion bash|zsh|fish') });
  expect(await connect('completion', { environment: { SHELL: '/usr/bin/zsh' } })).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^#compdef connect/) });
});
