import type { AwsContext } from '../../aws/context';
import { Problem } from '../../problem';
import { reasonOf } from '../../text';
import { timeLimit } from '../../time-limit';
import { Deadline } from '../opening/deadline';
import type { Diagnosis, ExaminationRequest, LayerReport } from './diagnosis';
import { type Layer, LAYERS } from './layers';
import { Debts, type Known } from './patient';

/**
 * Looks at one layer after the other, and stops at the first that fails. Nothing is changed, but for a bastion that may be started;
 * the session that it makes is ended, whatever happens.
 * @throws the reason of the context's signal; all else that goes wrong is in the diagnosis
 */
export async function examine(request: ExaminationRequest, context: AwsContext): Promise<Diagnosis> {
  const walk = new Walk(request, context);
  try {
    return await walk.go();
  } finally {
    await walk.end();
  }
}

class Walk {
  private readonly deadline: Deadline;
  private readonly known: Known = {};
  private readonly debts = new Debts();
  private problem?: Problem;

  constructor(private readonly request: ExaminationRequest, private readonly context: AwsContext) {
    this.deadline = new Deadline(request.timeout, context.signal);
  }

  async go(): Promise<Diagnosis> {
    const layers: LayerReport[] = [];
    for (const layer of LAYERS.filter(({ isOfTarget }) => this.request.target || !isOfTarget)) {
      const report = this.problem ? { layer: layer.name, status: 'unreached' } as const : await this.report(layer);
      layers.push(report);
      this.request.onReport?.(report);
    }
    const { problem, known: { carrier } } = this;
    const versions = { connect: this.request.version, node: process.versions.node, platform: `${process.platform} ${process.arch}`, agent: carrier?.agentVersion };
    return { ok: !problem, layers, versions, problem };
  }

  async end(): Promise<void> {
    await this.debts.settle(this.context);
  }

  private async report(layer: Layer): Promise<LayerReport> {
    try {
      return { layer: layer.name, status: 'ok', ...await this.lookAt(layer) };
    } catch (error) {
      this.deadline.interruption.throwIfAborted();
      this.problem = Problem.is(error) ? error : new Problem('UNEXPECTED', reasonOf(error), { next: 'run it again with --verbose', cause: error });
      return { layer: layer.name, status: 'failed', message: this.problem.message, next: this.problem.next };
    }
  }

  private async lookAt({ name, limit, code, look }: Layer): Promise<Awaited<ReturnType<Layer['look']>>> {
    const { request, known, context, deadline, debts } = this;
    const time = Math.min(deadline.left, typeof limit === 'function' ? limit(request) : limit);
    const signal = timeLimit(time, deadline.signal);
    try {
      signal.throwIfAborted();
      return await look({ request, known, context: { ...context, signal }, until: Date.now() + time, atEnd: (giveBack) => debts.add(giveBack) });
    } catch (error) {
      // What is given up says in many words that it was.
      if (Problem.is(error) || !signal.aborted) throw error;
      throw new Problem(code, `it could not be seen within ${Math.round(time / 1000)} s (${name})`, {
        next: 'check the network and type the same again, or wait longer with --timeout', cause: error,
      });
    }
  }
}
