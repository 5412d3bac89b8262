import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Child {
  readonly process: ChildProcess;
  /** Waits until a line of either output matches, and gives the match. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends it, and waits until it has ended. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a program that stays, to be watched by its lines. */
export function startChild(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Child {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const seen: string[] = [];
  const watchers = new Set<() => void>();
  for (const output of [child.stdout, child.stderr]) {
    createInterface(output).on('line', (line) => {
      seen.push(line);
      for (const watcher of watchers) watcher();
    });
  }
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return {
    process: child,
    line: (pattern) => new Promise((resolve, reject) => {
      const look = (): void => {
        const found = seen.map((line) => pattern.exec(line)).find((match) => match !== null);
        if (found == null) return;
        watchers.delete(look);
        resolve(found);
      };
      watchers.add(look);
      exited.then(() => reject(new Error(`${program} ended before it printed ${pattern}: ${seen.join('\n')}`)), reject);
      look();
    }),
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
  };
}
