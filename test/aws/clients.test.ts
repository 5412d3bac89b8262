import { clientOf } from '../../src/aws/clients';
import { context } from './stub-aws';

class Client {
  static made = 0;
  readonly config = { region: async () => 'us-east-1' };
  readonly number = ++Client.made;
}

test('there is one client for a region, a profile and a number of tries, and none is kept of a caller whom another has followed', async () => {
  const of = async (aws: object, attempts?: number) => (await clientOf(Client, { ...context, aws: { region: 'us-east-1', ...aws }, attempts })).number;
  expect(await of({ caller: 0 })).toBe(1);
  expect(await of({ caller: 0 })).toBe(1);
  expect(await of({ caller: 0 }, 1)).toBe(2);
  expect(await of({ caller: 0, profile: 'dev' })).toBe(3);
  expect(await of({ caller: 1 })).toBe(4);
  expect(await of({ caller: 1 })).toBe(4);
  expect(await of({ caller: 0 })).toBe(5);
});
