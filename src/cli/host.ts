/** Everything under tunnel/ that commands use. Loaded late: `--help` and a wrong flag need none of it. */
export type Tunnels = Pick<
  typeof import('../tunnel'), 'openTunnel' | 'findTunnels' | 'closeTunnels' | 'stopBastion' | 'listTargets' | 'readTunnelLog'
>;

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
  loadTunnels(): Promise<Tunnels>;
}
