import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { endianness } from 'node:os';
import { printedAddress } from '../../src/tunnel/ports/printed-address';
import { findSockets, socketName } from '../../src/tunnel/ports/proc-net';
import { Listening } from './peers/listening';

const onLinux = existsSync('/proc/net/tcp') ? test : test.skip;

const sockets: Socket[] = [];
let listening: Listening | undefined;
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await listening?.close();
});

(endianness() === 'LE' ? test : test.skip).each([
  ['127.0.0.1', '0000000000000000FFFF00000100007F'],
  ['::ffff:127.0.0.1', '0000000000000000FFFF00000100007F'],
  ['192.168.1.254', '0000000000000000FFFF0000FE01A8C0'],
  ['::', '00000000000000000000000000000000'],
  ['::1', '00000000000000000000000001000000'],
  ['fe80::a00:27ff:fe4e:66a1%eth0', '000080FE00000000FF27000AA1664EFE'],
  ['2001:db8:1:2:3:4:5:6', 'B80D0120020001000400030006000500'],
])('%s is printed as Linux prints it', (address, printed) => {
  expect(printedAddress(address)).toBe(printed);
});

onLinux('a connection is found from both ends, and what is not there is left out', async () => {
  listening = await Listening.on();
  const accepted = listening.accept();
  const client = connect(listening.port, '127.0.0.1');
  sockets.push(client);
  await once(client, 'connect');
  sockets.push(await accepted);
  const [here, there] = [{ address: client.localAddress!, port: client.localPort! }, { address: client.remoteAddress!, port: client.remotePort! }];
  const names = [socketName(here, there), socketName(there, here), socketName(here, { ...there, port: 1 })];
  const found = await findSockets(names);
  expect([...found.keys()].sort()).toEqual(names.slice(0, 2).sort());
  expect(found.get(names[0]!)).toMatchObject({ state: '01', uid: process.getuid!(), inode: expect.stringMatching(/^[1-9]\d*$/) });
});
