import { Problem } from '../../problem';
import { printable } from '../../text';

/** Where AWS serves its endpoints, partition by partition. */
const AWS_SUFFIXES = [
  'amazonaws.com', 'amazonaws.com.cn', 'amazonaws.eu', 'api.aws', 'api.amazonwebservices.com.cn', 'api.amazonwebservices.eu',
  'c2s.ic.gov', 'sc2s.sgov.gov', 'csp.hci.ic.gov', 'cloud.adc-e.uk', 'api.aws.ic.gov', 'api.aws.scloud', 'api.aws.hci.ic.gov', 'api.cloud-aws.adc-e.uk',
];
const SUFFIX = AWS_SUFFIXES.map((suffix) => suffix.replaceAll('.', '\\.')).join('|');
/** A regional endpoint, a FIPS one, or one of a VPC. */
const ENDPOINT = new RegExp(`^(?:[a-z0-9-]+\\.)?ssmmessages(?:-fips)?\\.[a-z0-9-]+\\.(?:vpce\\.)?(?:${SUFFIX})$`);
const LONGEST_SHOWN = 200;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Reads a stream URL, and refuses one to which no token should go.
 * @param allowInsecureLoopback whether this machine will do, without TLS too, as it does for a custom endpoint
 * @throws Problem SESSION_FAILED
 */
export function parseStreamUrl(text: string, allowInsecureLoopback = false): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new Problem('SESSION_FAILED', 'the service gave a stream URL that is no URL');
  const isAws = url.protocol === 'wss:' && ENDPOINT.test(url.hostname);
  const isLoopback = allowInsecureLoopback && /^wss?:$/.test(url.protocol) && LOOPBACK.test(url.hostname);
  if (!(isAws || isLoopback) || url.username !== '' || url.password !== '') {
    throw new Problem('SESSION_FAILED', `the service gave a stream URL on ${printable(`${url.protocol}//${url.host}`, LONGEST_SHOWN)}, which is no endpoint of AWS`, {
      next: 'check AWS_ENDPOINT_URL and endpoint_url in the AWS config file: the session token was not sent',
    });
  }
  return url;
}
