import { createHash } from 'node:crypto';
import { Token } from 'aws-cdk-lib';
import { explainBadName, explainBadPrefix, type Role } from '../descriptor';

/** What an EC2 tag and an IAM condition both take as it is: neither a wildcard nor a policy variable. */
const EXID = /^[A-Za-z0-9][A-Za-z0-9_.:/=+@-]{0,255}$/;

/** @throws Error when a bastion cannot be tagged and found by this exid. A token could mean something else in the stack of a target or grantee. */
export function checkExid(exid: string): void {
  if (Token.isUnresolved(exid)) throw new Error('exid cannot be a token: people have to type it; pass a literal string');
  if (EXID.test(exid)) return;
  throw new Error(`exid "${exid}" cannot be used: it must start with a letter or digit and hold only letters, digits and "_.:/=+-@", at most 256; pass another exid`);
}

/** @throws Error when there is no name for a target, or one that it cannot have. */
export function chooseTargetName(given: string | undefined, byDefault: string | undefined): string {
  const name = given ?? byDefault;
  if (name === undefined) throw new Error('targetName has no default: the identifier of what it leads into is not known at synthesis; pass targetName');
  if (Token.isUnresolved(name)) throw new Error('targetName cannot be a token: people have to type it; pass a literal string');
  const reason = explainBadName(name);
  if (reason) throw new Error(`target name "${name}" cannot be used: ${reason}; pass another targetName`);
  return name;
}

/** @throws Error when descriptors cannot be put under this prefix. */
export function checkPrefix(prefix: string): void {
  if (Token.isUnresolved(prefix)) throw new Error('prefix cannot be a token: people have to type it; pass a literal string');
  const reason = explainBadPrefix(prefix);
  if (reason) throw new Error(`prefix "${prefix}" cannot be used: ${reason}; pass another prefix`);
}

const LONGEST_DOCUMENT_NAME = 128;

/** What the session document of a target's host is called. As unique as the parameter of the target, whose name it comes from. */
export function documentNameFor(targetName: string, role: Role, parameterName: string): string {
  const end = `-${role}-${createHash('sha256').update(parameterName).digest('hex').slice(0, 8)}`;
  return `tunnel-${targetName}`.slice(0, LONGEST_DOCUMENT_NAME - end.length) + end;
}
