import { ROLES } from '../../descriptor';
import type { ResolvedTarget } from '../tunnel';
import { isFlag, isPort, isText, oneOf, optional, type Shape } from './shape';

/** What a target must look like that somebody else wrote down. */
export const TARGET: { readonly [key in keyof ResolvedTarget]-?: Shape } = {
  name: isText,
  role: oneOf(...ROLES),
  account: isText,
  region: isText,
  engine: isText,
  database: optional(isText),
  host: isText,
  port: isPort,
  bastion: { exid: isText, instanceId: optional(isText) },
  document: { name: isText, fixed: isFlag },
  foundBy: oneOf('descriptor', 'lookup'),
  prefix: optional(isText),
};
