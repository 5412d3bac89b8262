import type { Problem } from '../../problem';
import type { TunnelRequest } from '../tunnel';

/** What there is between a person and the database, from the near to the far. */
export type LayerName =
  | 'node' | 'credentials' | 'region' | 'descriptor' | 'tunnel' | 'bastion' | 'document' | 'grant' | 'session' | 'forwarding' | 'database' | 'tls' | 'end';

/** What a look at one layer came to, where nothing keeps a tunnel from working. */
export interface Finding {
  /** `remark`: it works, and something should be known of it; `skipped`: there was nothing to look at. @default ok */
  readonly status?: 'ok' | 'remark' | 'skipped';
  readonly message: string;
  /** What to type about it. */
  readonly next?: string;
  /** The same for a program. Nothing secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface LayerReport extends Omit<Finding, 'status' | 'message'> {
  readonly layer: LayerName;
  readonly status: 'ok' | 'remark' | 'skipped' | 'failed' | 'unreached';
  /** Of a layer that was not reached there is nothing to say. */
  readonly message?: string;
}

/** What became of the whole walk. */
export interface Diagnosis {
  /** Whether no layer failed. */
  readonly ok: boolean;
  readonly layers: readonly LayerReport[];
  readonly versions: { readonly connect: string; readonly node: string; readonly platform: string; readonly agent?: string };
  /** Why the layer failed at which the walk ended. */
  readonly problem?: Problem;
}

/** What is to be looked at, and how. */
export interface ExaminationRequest {
  /** @default - no target: the walk ends where targets are listed */
  readonly target?: TunnelRequest;
  /** Where descriptors are. */
  readonly prefix: string;
  /** Whether a bastion that is stopped may be started. Nothing else is ever changed. */
  readonly start: boolean;
  /** Milliseconds for the whole walk. */
  readonly timeout: number;
  /** Of this package. */
  readonly version: string;
  /** Told of each layer as soon as it has been looked at, and at the end of those that were not reached. */
  readonly onReport?: (report: LayerReport) => void;
}
