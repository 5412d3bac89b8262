/** Somebody who asks. */
export interface Person {
  /** The service that knows them, and the last part of the ARN by which it does. */
  readonly principal: readonly [service: string, name: string];
  /** What AWS says of them in each request. */
  readonly context: Readonly<Record<string, string>>;
  /** The construct whose permissions they have. */
  readonly holds: 'Alice' | 'Developers' | 'Guests' | 'Neighbours' | 'PermissionSet';
}

function user(name: string): Person {
  const userid = `AIDA${name.toUpperCase()}`;
  return { principal: ['iam', `user/${name}`], context: { 'aws:username': name, 'aws:userid': userid }, holds: 'Alice' };
}

function sessionOf(role: string, roleId: string, name: string, holds: Person['holds']): Person {
  return { principal: ['sts', `assumed-role/${role}/${name}`], context: { 'aws:userid': `${roleId}:${name}` }, holds };
}

export const PEOPLE = {
  'an IAM user': user('alice'),
  'an IAM user whose name begins like that of another': user('alice-b'),
  'a role\'s session': sessionOf('Developers', 'AROADEVELOPERS', 'alice', 'Developers'),
  'another session of the role': sessionOf('Developers', 'AROADEVELOPERS', 'bob', 'Developers'),
  'someone of an Identity Center': sessionOf('AWSReservedSSO_Developers_0123456789abcdef', 'AROAPERMISSIONSET', 'alice@example.com', 'PermissionSet'),
  'someone else of the Identity Center': sessionOf('AWSReservedSSO_Developers_0123456789abcdef', 'AROAPERMISSIONSET', 'bob@example.com', 'PermissionSet'),
  'a guest, without options and with the list': sessionOf('Guests', 'AROAGUESTS', 'alice', 'Guests'),
  'a neighbour, with a target behind a group': sessionOf('Neighbours', 'AROANEIGHBOURS', 'alice', 'Neighbours'),
} satisfies Record<string, Person>;

export type PersonName = keyof typeof PEOPLE;
