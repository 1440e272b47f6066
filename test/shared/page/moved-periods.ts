import type { AttributionBody } from '../../../shared/explain/body.ts';
import type { MovedPeriod } from '../../../shared/page/moved.ts';

const effects = (p: number): AttributionBody => ({
  unit: 'days',
  from: 180 + p,
  to: 169 + p,
  change: -11,
  note: null,
  drivers: [
    {
      driver: 'balance',
      effect: -10.4,
      says: 'cash is 2400000.00 USD: 147120.45 USD less than expected by now',
    },
    { driver: 'time', effect: -1, says: '1 day went by' },
    { driver: 'tranche', effect: 0.4, says: 'planned otherwise: Second tranche' },
  ],
});

/** Since a day ago in days; since a week ago, when p95 was still beyond the horizon. */
export const moved: readonly MovedPeriod[] = [
  {
    from: { as_of: '2026-11-20', basis: 'kept' },
    moved: { p5: effects(0), p50: effects(20), p95: effects(40) },
  },
  {
    from: { as_of: '2026-11-14', basis: 'reconstructed' },
    moved: {
      p5: effects(0),
      p50: effects(20),
      p95: {
        unit: 'survival_at_horizon',
        from: 0.0612,
        to: 0.0044,
        change: -0.0568,
        note: 'p95 lies, or on the way lay, beyond the 730 days looked at, so no number of days says how far it moved: the effects are in the chance of still having cash after 730 days',
        drivers: [{ driver: 'balance', effect: -0.0568, says: 'cash is lower' }],
      },
    },
  },
];
