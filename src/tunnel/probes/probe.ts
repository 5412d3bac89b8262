/** Whether what is behind a local port answers as its engine would. Gives false when aborted. */
export type ProbeFunction = (target: { readonly port: number; readonly signal: AbortSignal }) => Promise<boolean>;
