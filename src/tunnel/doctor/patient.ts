import type { AwsContext } from '../../aws/context';
import type { DeclaredAwsEc2Instance } from '../../aws/slow-path';
import { reasonOf } from '../../text';
import type { Carrier } from '../transport/carrier';
import type { ResolvedTarget } from '../tunnel';
import type { ExaminationRequest } from './diagnosis';
import type { Door } from './door';

/** What the layers that have been looked at gave to those behind them. */
export interface Known {
  account?: string;
  target?: ResolvedTarget;
  instance?: DeclaredAwsEc2Instance;
  carrier?: Carrier;
  /** The way through the session. */
  door?: Door;
  /** Whether the database has answered yet. */
  hasAnswered?: boolean;
}

/** What a layer looks at. */
export interface Patient {
  readonly request: ExaminationRequest;
  /** Its signal is the layer's own. */
  readonly context: AwsContext & { readonly signal: AbortSignal };
  readonly known: Known;
  /** When the look has to be over. Epoch milliseconds. */
  readonly until: number;
  /** Gives something back when the walk is over, whatever it came to. What came last is given back first. */
  atEnd(giveBack: () => Promise<unknown>): void;
}

/** All that has to be given back. */
export class Debts {
  private readonly debts: (() => Promise<unknown>)[] = [];

  add(giveBack: () => Promise<unknown>): void {
    this.debts.unshift(giveBack);
  }

  /** Never rejects. */
  async settle({ log }: Pick<AwsContext, 'log'>): Promise<void> {
    for (const giveBack of this.debts.splice(0)) await giveBack().catch((error) => log.debug(`after the walk: ${reasonOf(error)}`));
  }
}
