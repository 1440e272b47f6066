import type { Checker } from '../simulation/evidence.ts';
import { announced } from './announced.ts';
import { appendOnly } from './append-only.ts';
import { cache } from './cache.ts';
import { derived } from './derived.ts';
import { governed } from './governed.ts';
import { money } from './money.ts';
import { nothingLost } from './nothing-lost.ts';
import { once } from './once.ts';

/** Every checker by the name under which its verdict is told. */
export const CHECKERS: Readonly<Record<string, Checker>> = {
  once,
  'nothing-lost': nothingLost,
  'append-only': appendOnly,
  derived,
  announced,
  cache,
  money,
  governed,
};
