import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a helper can be asked to do. */
export type Methods = Readonly<Record<string, (argument: never) => unknown>>;

interface Question { readonly id: number; readonly method: string; readonly argument: unknown }
interface Answer { readonly id: number; readonly result?: unknown; readonly error?: string }
interface Asker { resolve(result: unknown): void; reject(error: Error): void }

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A process of its own for what must not share an event loop with the measuring. It ends with the one that started it. */
export class Helper<M extends Methods> {
  private readonly child: ChildProcess;
  private readonly exited: Promise<unknown>;
  private readonly askers = new Map<number, Asker>();
  private lastId = 0;

  /** @param path a source that calls `serve` */
  constructor(path: string) {
    this.child = fork(path, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.exited = once(this.child, 'exit').then(() => {
      for (const { reject } of this.askers.values()) reject(new Error(`${path} has ended`));
    });
    this.child.on('message', ({ id, result, error }: Answer) => {
      const asker = this.askers.get(id);
      this.askers.delete(id);
      if (error === undefined) asker?.resolve(result);
      else asker?.reject(new Error(error));
    });
  }

  ask<K extends keyof M & string>(method: K, ...[argument]: Parameters<M[K]>): Promise<Awaited<ReturnType<M[K]>>> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.askers.set(id, { resolve: resolve as Asker['resolve'], reject });
      this.child.send({ id, method, argument } satisfies Question, (error) => error && reject(error));
    });
  }

  async stop(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    await this.exited;
  }
}

/** Answers whoever started this process, until that one ends. The signals of a terminal are for that one to handle. */
export function serve(methods: Methods): void {
  for (const signal of SIGNALS) process.on(signal, () => undefined);
  process.on('disconnect', () => process.exit());
  process.on('message', async ({ id, method, argument }: Question) => {
    const answer = await Promise.resolve(argument as never).then(methods[method]!).then(
      (result): Answer => ({ id, result }),
      (error: unknown): Answer => ({ id, error: String(error) }),
    );
    process.send?.(answer);
  });
}
