import * as v from 'valibot';
import { section } from './section.ts';

/** How often books and sources are compared, and what follows. */
export interface ReconciliationConfiguration {
  readonly frequency: 'daily' | 'hourly';
  readonly variance: number;
  readonly floor: number;
  readonly auto_pause: boolean;
}

/** Beyond the greater of `variance` (a share) and `floor` (an amount, in each currency's units) exposure pauses. */
export const reconciliationSection: v.GenericSchema<
  { readonly [Key in keyof ReconciliationConfiguration]?: ReconciliationConfiguration[Key] | undefined },
  ReconciliationConfiguration
> = section({
  frequency: v.optional(v.picklist(['daily', 'hourly'], 'expected daily or hourly'), 'daily'),
  variance: v.optional(
    v.pipe(
      v.number('expected a share such as 0.02'),
      v.minValue(0, 'expected 0 or more'),
      v.maxValue(1, 'expected a share, at most 1'),
    ),
    0.02,
  ),
  floor: v.optional(
    v.pipe(
      v.number('expected an amount'),
      v.minValue(0, 'expected 0 or more'),
      v.maxValue(1e12, 'expected an amount'),
    ),
    50,
  ),
  auto_pause: v.optional(v.boolean('expected true or false'), true),
});
