import type { TenantSettings } from '../../../shared/contract/tenant.ts';
import type { Economy, PlanCommand, TenantPlan } from './economy.ts';
import { genericEconomy } from './generic-economy.ts';
import { type Random, randomOf } from './random.ts';
import { stripeEconomy } from './stripe-economy.ts';

const HOUR_MS = 3_600_000;
const SPAN_HOURS = 30;
const PARTS = 6;

const settings = (
  fields: Omit<TenantSettings, 'livemode' | 'stripe'> & { livemode?: boolean },
): TenantSettings => ({
  livemode: false,
  stripe: true,
  ...fields,
});

/** One tenant in one slice, a busy one in four, one that never told an API key, and in some worlds one with a past. */
const tenantsOf = (seed: number): readonly TenantPlan[] => [
  {
    settings: settings({ tenant: 'acme', accountingZone: 'UTC', baseCurrency: 'USD', slices: 1 }),
    fetches: true,
    // The governed one: in every other world there is something to doubt.
    plain: seed % 2 === 1,
    modelled: false,
  },
  {
    settings: settings({
      tenant: 'busy',
      accountingZone: 'America/New_York',
      baseCurrency: 'USD',
      livemode: true,
      slices: 4,
    }),
    fetches: true,
    plain: false,
    modelled: false,
  },
  {
    settings: settings({
      tenant: 'kiwi',
      accountingZone: 'Pacific/Auckland',
      baseCurrency: 'NZD',
      slices: 2,
    }),
    fetches: false,
    plain: false,
    modelled: false,
  },
  ...(seed % 10 === 0
    ? [
        {
          settings: settings({
            tenant: 'aged',
            accountingZone: 'Europe/Berlin',
            baseCurrency: 'EUR',
            slices: 2,
          }),
          fetches: false,
          plain: false,
          modelled: true,
        },
      ]
    : []),
];

const commandsOf = (
  random: Random,
  tenants: readonly TenantPlan[],
  startMs: number,
  endMs: number,
): PlanCommand[] =>
  tenants.flatMap(({ settings: { tenant }, modelled }) =>
    Array.from({ length: modelled ? 1 : 5 }, (_, n): PlanCommand => {
      const item = {
        kind: 'scheduled',
        date: `2028-0${random.between(1, 9)}-15`,
        amount: `-${random.between(1, 9)}000`,
      };
      return {
        tenant,
        atMs: startMs + ((endMs - startMs) * (n + random.uniform())) / 6,
        id: random.pick(['rent', 'tax']),
        item: n > 0 && random.chance(0.25) ? null : item,
      };
    }),
  );

/** What really happens in the world of a seed; `events` is about how many facts there are. */
export const economyOf = (seed: number, events: number): Economy => {
  const shape = randomOf(seed, 'shape');
  // Any day of a year: month ends and changes of the clocks are among them.
  const startMs = Date.UTC(2026, 0, 1) + shape.between(0, 364 * 24) * HOUR_MS;
  const endMs = startMs + SPAN_HOURS * HOUR_MS;
  const tenants = tenantsOf(seed);
  const burstsMs = Array.from(
    { length: 5 },
    () => startMs + shape.between(1, (SPAN_HOURS - 8) * 60) * 60_000,
  );
  const [stripe, generic] = [randomOf(seed, 'stripe'), randomOf(seed, 'generic')];
  const count = Math.max(2, Math.round(events / PARTS));
  const parts = tenants.map((tenant) => {
    const setting = { tenant, startMs, endMs, burstsMs };
    // A simulated runway takes a quarter of a second: such a tenant lives a quiet life.
    const some = tenant.modelled ? 2 : count;
    return {
      tenant: tenant.settings.tenant,
      ofStripe: stripeEconomy({ ...setting, random: stripe }, some),
      ofGeneric: genericEconomy({ ...setting, random: generic }, some),
    };
  });
  const all = parts.flatMap(({ ofStripe, ofGeneric }) => [ofStripe, ofGeneric]);
  return {
    startMs,
    endMs,
    tenants,
    tellings: all.flatMap(({ tellings }) => tellings).sort((a, b) => a.atMs - b.atMs),
    movements: all.flatMap(({ movements }) => movements),
    issued: all.flatMap(({ issued }) => issued),
    commands: commandsOf(randomOf(seed, 'plan'), tenants, startMs, endMs).sort((a, b) => a.atMs - b.atMs),
    conflicts: new Map(parts.map(({ tenant, ofGeneric }) => [tenant, ofGeneric.conflicts])),
    quarantined: new Map(parts.map(({ tenant, ofStripe }) => [tenant, ofStripe.quarantined])),
  };
};
