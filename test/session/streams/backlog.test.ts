import type { Socket } from 'node:net';
import { Backlog } from '../../../src/session/streams/backlog';

function lab() {
  const said: string[] = [];
  const backlog = new Backlog({ pause: () => said.push('pause'), resume: () => said.push('resume') }, 1_000);
  const socket = (writableLength: number) => ({ writableLength }) as Socket & { writableLength: number };
  return { said, backlog, socket };
}

test('sockets may be slow until there is too much of it, all together', () => {
  const { said, backlog, socket } = lab();
  backlog.add(socket(600));
  expect(said).toEqual([]);
  backlog.add(socket(400));
  backlog.add(socket(1));
  expect(said).toEqual(['pause']);
});

test('goes on when a socket has taken what was kept for it, or is gone', () => {
  const { said, backlog, socket } = lab();
  const [slow, slower] = [socket(900), socket(1_200)];
  backlog.add(slow);
  backlog.add(slower);
  backlog.remove(slow);
  expect(said).toEqual(['pause']);
  backlog.remove(slower);
  backlog.remove(slower);
  expect(said).toEqual(['pause', 'resume']);
});
