/** Everything under tunnel/ that commands use. Loaded late: `--help` and a wrong flag need none of it. */
export type Tunnels = Pick<
  typeof import('../tunnel'),
  | 'openTunnel' | 'canVerifyTls' | 'checkLogin' | 'logIn' | 'speaksTls' | 'findTunnels' | 'closeTunnels' | 'stopBastion' | 'listTargets' | 'readTunnelLog'
  | 'followTunnelLog' | 'waitForTunnel' | 'watchTunnel' | 'examineTarget' | 'cachedTargetNames' | 'knownTargetNames' | 'inOrderOfUse'
>;

/** Loaded only where a person is asked. */
export type Picker = typeof import('./picker');

export type Environment = Readonly<Record<string, string | undefined>>;

export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** @param done called once the text is written, or cannot be */
  write(text: string, done?: () => void): unknown;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** What the command line finds around it. */
export interface Host {
  readonly environment: Environment;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** @default - nobody who could answer a question */
  readonly stdin?: { readonly isTTY?: boolean };
  loadTunnels(): Promise<Tunnels>;
  loadPicker?(): Promise<Picker>;
  /** What `--help` prints, where it is known without working it out. */
  help?(): string | undefined;
}
