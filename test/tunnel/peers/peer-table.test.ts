import { type Look, PeerTable } from '../../../src/tunnel/peers/peer-table';

test('all who ask in one turn share a look; who asks during a look gets the next, shared too', async () => {
  const looks: string[][] = [];
  const table = new PeerTable(async (names) => {
    looks.push([...names]);
    if (looks.length === 1) later.push(table.find('c'), table.find('d'));
    return new Map([['a', { local: '', remote: '', state: '01', uid: 1000, inode: '5' }], ['c', { local: '', remote: '', state: '05', uid: 0, inode: '0' }]]);
  });
  const later: ReturnType<PeerTable['find']>[] = [];
  expect(await Promise.all([table.find('a'), table.find('b'), table.find('a')])).toEqual([{ uid: 1000, isHeld: true }, undefined, { uid: 1000, isHeld: true }]);
  expect(await Promise.all(later)).toEqual([{ uid: 0, isHeld: false }, undefined]);
  expect(looks).toEqual([['a', 'b'], ['c', 'd']]);
});

test('who asked for a look that failed is told, and the next is made', async () => {
  let fails = true;
  const look: Look = async () => (fails ? Promise.reject(new Error('too many open files')) : new Map());
  const table = new PeerTable(look);
  await expect(table.find('a')).rejects.toThrow('too many open files');
  fails = false;
  expect(await table.find('a')).toBeUndefined();
});
