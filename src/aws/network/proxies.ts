import { Problem } from '../../problem';
import { printable } from '../../text';

/** By the scheme of what is to be reached. The first that is set is taken; the lower-case spelling comes first, as for curl and the AWS CLI. */
const PROXY_VARIABLES = {
  'https:': ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
  'http:': ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
} as const;
const EXCEPTION_VARIABLES = ['no_proxy', 'NO_PROXY'] as const;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** What a proxy leads to. */
export interface Destination {
  readonly protocol: keyof typeof PROXY_VARIABLES;
  readonly host: string;
  readonly port: string;
}

/** An HTTP proxy as a variable of the environment names it. */
export interface Proxy {
  readonly variable: string;
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
  /** Host and port, fit to be shown. */
  readonly address: string;
  /** A secret: what the proxy is told in the header `Proxy-Authorization`. */
  readonly authorization?: string;
}

/** Whether the environment names any proxy at all. */
export function hasProxies(): boolean {
  return Object.values(PROXY_VARIABLES).flat().some((name) => Boolean(process.env[name]));
}

/**
 * The proxy that leads to a destination; undefined where the environment names none, or NO_PROXY excepts the host.
 * @throws Problem USAGE for one that cannot be understood, without a word of its password
 */
export function proxyFor(destination: Destination): Proxy | undefined {
  const variable = firstSet(PROXY_VARIABLES[destination.protocol]);
  if (variable === undefined || isExcepted(destination)) return undefined;
  return parse(variable, process.env[variable]!.trim());
}

function firstSet<Name extends string>(names: readonly Name[]): Name | undefined {
  return names.find((name) => Boolean(process.env[name]));
}

/** `*`, or hosts, each with all below it and perhaps a port: `localhost, .example.com, 10.0.0.1:8080`. */
function isExcepted({ host, port }: Destination): boolean {
  const exceptions = process.env[firstSet(EXCEPTION_VARIABLES) ?? ''] ?? '';
  return exceptions.toLowerCase().split(/[\s,]+/).filter(Boolean).some((exception) => {
    const [, name, , onlyPort = port] = /^(?:\*?\.)?(\[.*\]|[^:]*|.*:.*:.*?)(:(\d+))?$/.exec(exception) ?? [];
    const domain = name?.replace(/^\[|\]$/g, '');
    return exception === '*' || (onlyPort === port && (host.toLowerCase() === domain || host.toLowerCase().endsWith(`.${domain}`)));
  });
}

/** Without a scheme it is one that is spoken to in plain. */
function parse(variable: string, value: string): Proxy {
  try {
    const { protocol, hostname, port: given, username, password } = new URL(value.includes('://') ? value : `http://${value}`);
    const port = given || DEFAULT_PORTS[protocol]!;
    if (!Object.hasOwn(DEFAULT_PORTS, protocol)) throw notUnderstood(variable, `it is one of ${printable(protocol)}, and not of http: or https:`);
    const login = username || password ? `${decodeURIComponent(username)}:${decodeURIComponent(password)}` : undefined;
    return {
      variable,
      protocol,
      port,
      host: hostname.replace(/^\[|\]$/g, ''),
      address: `${hostname}:${port}`,
      authorization: login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`,
    };
  } catch (error) {
    // What Node says of a bad URL repeats it, with its password.
    throw Problem.is(error) ? error : notUnderstood(variable, 'it is no URL');
  }
}

function notUnderstood(variable: string, why: string): Problem {
  return new Problem('USAGE', `the proxy that ${variable} names cannot be used: ${why}`, {
    next: `export ${variable}=http://proxy.example.com:3128 (in its user and password, what is no letter or digit as %40), or except AWS with NO_PROXY=amazonaws.com`,
  });
}
