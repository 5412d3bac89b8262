import { hasProxies } from '../network/proxies';
import type { Explanation } from './explanation';

const WHAT_TO_CHECK: readonly [isSo: () => boolean, what: string][] = [
  [() => true, 'check the network and VPN'],
  [hasProxies, 'the proxy that HTTPS_PROXY names, and NO_PROXY'],
  [() => !hasProxies(), 'where only a proxy leads out, type: export HTTPS_PROXY=http://proxy.example.com:3128'],
  [() => Object.keys(process.env).some((name) => name.startsWith('AWS_ENDPOINT_URL')), 'AWS_ENDPOINT_URL'],
];

/** Nobody was reached who could have answered. */
export const NETWORK: readonly Explanation[] = [
  {
    // The credentials are got through the same proxy, and what is wrong with it is told in the words of those who get them.
    says: /\bthe proxy \S+ gives no way to\b/,
    passes: true,
    message: ({ call, said }) => `${call} could not be signed: ${said.replace(/^(?:\w+: )+/, '')}`,
    next: () => 'check the proxy that HTTPS_PROXY names; if AWS is reached without it: export NO_PROXY=amazonaws.com',
  },
  {
    of: ['407'],
    message: ({ call }) => `${call} was refused by the proxy: it wants a user and a password`,
    next: () => 'export HTTP_PROXY=http://user:password@proxy.example.com:3128',
  },
  {
    of: ['TimeoutError', 'ETIMEDOUT', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE'],
    passes: true,
    message: ({ call, said }) => `${call} got no answer: AWS cannot be reached (${said})`,
    next: () => `${WHAT_TO_CHECK.filter(([isSo]) => isSo()).map(([, what]) => what).join('; ')}; then type the same again`,
  },
  {
    of: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    message: ({ call, said }) => `${call} was not sent: somebody else answers at the address of AWS (${said})`,
    next: () => 'check the VPN, and the endpoints in AWS_ENDPOINT_URL and in your DNS: the certificate is that of another host',
  },
  {
    of: [
      'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'CERT_UNTRUSTED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ],
    says: /\bself[- ]signed certificate\b|\bunable to (?:get|verify) .*\bcertificate\b|\bcertificate (?:has expired|is not yet valid)\b/,
    message: ({ call, said }) => `${call} was not sent: the certificate of the other side is not trusted (${said})`,
    next: () => 'if a proxy of yours signs certificates, type: export NODE_EXTRA_CA_CERTS=/path/to/its/ca.pem (or AWS_CA_BUNDLE)',
  },
];
