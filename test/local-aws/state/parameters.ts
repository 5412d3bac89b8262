import { isSamePlace, type Place } from '../place';

export interface Parameter extends Place {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
  readonly modifiedAt: Date;
}

export class Parameters {
  readonly #parameters: Parameter[] = [];

  constructor(private readonly home: Place) {}

  /** Writes one, or a new version of it. */
  put(name: string, value: string, { type = 'String', place = this.home }: { type?: string; place?: Place } = {}): Parameter {
    const version = (this.find(place, name)?.version ?? 0) + 1;
    this.delete(name, place);
    const parameter = { account: place.account, region: place.region, name, type, value, version, modifiedAt: new Date() };
    this.#parameters.push(parameter);
    return parameter;
  }

  delete(name: string, place: Place = this.home): void {
    const at = this.#parameters.findIndex((parameter) => parameter.name === name && isSamePlace(parameter, place));
    if (at >= 0) this.#parameters.splice(at, 1);
  }

  find(place: Place, name: string): Parameter | undefined {
    return this.in(place).find((parameter) => parameter.name === name);
  }

  in(place: Place): Parameter[] {
    return this.#parameters.filter((parameter) => isSamePlace(parameter, place)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
