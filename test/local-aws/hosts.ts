export interface Address { readonly host: string; readonly port: number }

/** Which real server on loopback stands for a host name of the template. */
export class Hosts {
  readonly #addresses = new Map<string, Address>();

  /** @param name a host name, for all of its ports, or `host:port` */
  map(name: string, address: Address): void {
    this.#addresses.set(name, address);
  }

  unmap(name: string): void {
    this.#addresses.delete(name);
  }

  /** Undefined for a name that nobody serves, as for one that no DNS knows. */
  resolve(host: string, port: number): Address | undefined {
    return this.#addresses.get(`${host}:${port}`) ?? this.#addresses.get(host);
  }
}
