import { isIPv4 } from 'node:net';
import { endianness } from 'node:os';

const WORDS = [0, 4, 8, 12];

/**
 * An IP address as Linux prints it in its tables of sockets: each 32-bit word in the machine's order. One of IPv4 is printed as the IPv6 address
 * that stands for it, as it is for a program that reaches us by an IPv6 socket.
 */
export function printedAddress(address: string): string {
  const bytes = bytesOf(isIPv4(address) ? `::ffff:${address}` : address);
  return WORDS.map((at) => (endianness() === 'LE' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)))
    .map((word) => word.toString(16).padStart(8, '0').toUpperCase()).join('');
}

function bytesOf(address: string): Buffer {
  const [head = '', tail] = address.replace(/%.*$/, '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => groupsOfIPv4(bytes)).split('::');
  const [left, right] = [groupsOf(head), groupsOf(tail ?? '')];
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  const bytes = Buffer.alloc(16);
  groups.forEach((group, at) => bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * at));
  return bytes;
}

function groupsOfIPv4(bytes: string[]): string {
  return Buffer.from(bytes.slice(0, 4).map(Number)).toString('hex').replace(/^.{4}/, '$&:');
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
