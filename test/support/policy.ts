import fc from 'fast-check';
import type { PolicySettings } from '../../shared/contract/policy.ts';
import type { Group, Sizes } from '../../shared/policy/sizes.ts';

export const SETTINGS: PolicySettings = {
  tenant: 'acme',
  enterDays: 60,
  criticalDays: 45,
  restoreDays: 120,
  protectedMin: 2,
  changesPerWeekMax: 8,
  spotShift: false,
};

export const p5Days: fc.Arbitrary<number> = fc.integer({ min: 0, max: 730 });
export const standardErrorDays: fc.Arbitrary<number> = fc.double({ min: 0, max: 5, noNaN: true });

export const sizes: fc.Arbitrary<Sizes> = fc
  .tuple(fc.nat(12), fc.nat(12), fc.nat(12))
  .map((three) => three.toSorted((a, b) => a - b))
  .map(([min = 0, desired = 0, max = 0]) => ({ min, max, desired }));

export const groups: fc.Arbitrary<readonly Group[]> = fc.uniqueArray(
  fc
    .record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      environment: fc.constantFrom('production', 'staging', 'dev', 'sandbox', ''),
      sizes,
    })
    .map(({ name, environment, sizes: { min, max, desired } }) => ({ name, environment, min, max, desired })),
  { selector: (group) => group.name, maxLength: 6 },
);

/** A stored runway as far as the policy looks at it; sound and fresh at `computedAt` unless a field says otherwise. */
export const runwayDocument = (
  p5: number | null,
  computedAt: string,
  fields: Readonly<Record<string, unknown>> = {},
): string =>
  JSON.stringify({
    tenant: SETTINGS.tenant,
    status: p5 === null ? 'not_burning' : 'ok',
    as_of: computedAt.slice(0, 10),
    computed_at: computedAt,
    p5_days: p5,
    standard_error_days: { p5: p5 === null ? null : 0.5 },
    censored: { p5: p5 === null },
    inputs: { hash: `sha256:${p5}` },
    model: { version: 'test-1' },
    trust: { partial: false, paused: false, conflicts: 0, reasons: [] },
    ...fields,
  });
