import { BASTIONS } from './bastions';
import { GRANTS } from './grants';
import { TARGETS } from './targets';
import type { Variant } from './variant';

/** All that an app can make with this library, as far as cdk-nag could tell a difference. */
export const VARIANTS: Variant[] = [...BASTIONS, ...TARGETS, ...GRANTS];
