import { isSamePlace, type Place } from '../place';

export interface Cluster extends Place {
  readonly identifier: string;
  readonly resourceId: string;
  readonly arn: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly endpoint: string;
  readonly readerEndpoint: string;
  readonly port: number;
  readonly databaseName?: string;
  readonly isIamAuthenticationEnabled: boolean;
  readonly members: readonly { readonly identifier: string; readonly isWriter: boolean }[];
  readonly createdAt: Date;
  /** As RDS names it: `available`, `stopped`, `starting`, `creating`, ... */
  status: string;
}

export class Clusters {
  readonly #clusters: Cluster[] = [];

  /** Adds it, or takes the place of the one with its identifier. */
  put(cluster: Cluster): void {
    this.delete(cluster.identifier, cluster);
    this.#clusters.push(cluster);
  }

  delete(identifier: string, place?: Place): void {
    const at = this.#clusters.findIndex((cluster) => cluster.identifier === identifier && (place === undefined || isSamePlace(cluster, place)));
    if (at >= 0) this.#clusters.splice(at, 1);
  }

  /** @throws Error when there is none of that name, or several clusters and no name */
  get(identifier?: string): Cluster {
    const found = this.#clusters.filter((cluster) => identifier === undefined || cluster.identifier === identifier);
    if (found.length !== 1) throw new Error(`${found.length} clusters are called ${JSON.stringify(identifier)}`);
    return found[0]!;
  }

  in(place: Place): Cluster[] {
    return this.#clusters.filter((cluster) => isSamePlace(cluster, place));
  }
}
