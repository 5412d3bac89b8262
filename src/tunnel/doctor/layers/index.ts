import type { ProblemCode } from '../../../problem';
import type { ExaminationRequest, Finding, LayerName } from '../diagnosis';
import type { Patient } from '../patient';
import { lookAtBastion } from './bastion';
import { lookAtCredentials } from './credentials';
import { lookAtDatabase } from './database';
import { lookAtDescriptor } from './descriptor';
import { lookAtDocument } from './document';
import { lookAtEnd } from './end';
import { lookAtForwarding } from './forwarding';
import { lookAtGrant } from './grant';
import { lookAtNode } from './node';
import { lookAtRegion } from './region';
import { lookAtSession } from './session';
import { lookAtTls } from './tls';
import { lookAtTunnel } from './tunnel';

export interface Layer {
  readonly name: LayerName;
  /** Whether it is there only where a target was named. */
  readonly isOfTarget: boolean;
  /** How long a look may take at most, in milliseconds. */
  readonly limit: number | ((request: ExaminationRequest) => number);
  /** What it means that the time was not enough. */
  readonly code: ProblemCode;
  /** @throws Problem that says why there can be no tunnel */
  readonly look: (patient: Patient) => Promise<Finding>;
}

/** In the order in which a tunnel needs them. */
export const LAYERS: readonly Layer[] = [
  { name: 'node', isOfTarget: false, limit: 5_000, code: 'UNEXPECTED', look: lookAtNode },
  { name: 'credentials', isOfTarget: false, limit: 30_000, code: 'CREDENTIALS', look: lookAtCredentials },
  { name: 'region', isOfTarget: false, limit: 5_000, code: 'USAGE', look: lookAtRegion },
  { name: 'descriptor', isOfTarget: false, limit: 30_000, code: 'SESSION_FAILED', look: lookAtDescriptor },
  { name: 'tunnel', isOfTarget: true, limit: 5_000, code: 'UNEXPECTED', look: lookAtTunnel },
  { name: 'bastion', isOfTarget: true, limit: 30_000, code: 'BASTION_DOWN', look: lookAtBastion },
  { name: 'document', isOfTarget: true, limit: 30_000, code: 'SESSION_FAILED', look: lookAtDocument },
  { name: 'grant', isOfTarget: true, limit: 30_000, code: 'CREDENTIALS', look: lookAtGrant },
  { name: 'session', isOfTarget: true, limit: ({ start, timeout }) => (start ? timeout : 60_000), code: 'SESSION_FAILED', look: lookAtSession },
  { name: 'forwarding', isOfTarget: true, limit: 15_000, code: 'DATABASE_SILENT', look: lookAtForwarding },
  { name: 'database', isOfTarget: true, limit: 30_000, code: 'DATABASE_SILENT', look: lookAtDatabase },
  { name: 'tls', isOfTarget: true, limit: 15_000, code: 'DATABASE_SILENT', look: lookAtTls },
  { name: 'end', isOfTarget: true, limit: 15_000, code: 'SESSION_FAILED', look: lookAtEnd },
];
