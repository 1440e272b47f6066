/** Runway documents in every state that a page has to tell, the page's input around them, and what an attacker would put in. */
import type { PageInput, RunwayDocument } from '../../../shared/page/document.ts';
import type { Decision } from '../../../shared/policy/decision.ts';
import { addDays, type CivilDate } from '../../../shared/time/civil-date.ts';
import { moved } from './moved-periods.ts';

export const AS_OF = '2026-11-21' as CivilDate;
export const NOW_MS: number = Date.parse('2026-11-21T09:14:00Z');
const HORIZON_DAYS = 730;

export const HOSTILE =
  "\"><script>alert(1)</script><img src=x onerror=alert(1)>' onload='alert(2)\u0000\u202e&amp;</title></text></style>";

const decimal = (value: number, decimals: number): string =>
  (Math.round(value * 10 ** decimals) / 10 ** decimals).toFixed(decimals);

/** A band around an even burn, widening with the square root of time, with payday steps in it. */
export const bandOf = (
  cash: number,
  daily: number,
  spread: number,
  decimals = 2,
): NonNullable<RunwayDocument['cash_band']> => {
  const days = [...Array.from({ length: Math.ceil(HORIZON_DAYS / 7) }, (_, week) => week * 7), HORIZON_DAYS];
  return days.map((day) => {
    const middle = cash + daily * day - (day > 0 && day % 28 < 14 ? Math.abs(daily) * 6 : 0);
    const half = spread * Math.sqrt(day);
    return {
      date: addDays(AS_OF, day),
      p5: decimal(middle - half, decimals),
      p50: decimal(middle, decimals),
      p95: decimal(middle + half, decimals),
    };
  });
};

export const okDocument: RunwayDocument = {
  tenant: 'demo',
  status: 'ok',
  as_of: AS_OF,
  computed_at: '2026-11-21T09:11:40.000Z',
  horizon_days: HORIZON_DAYS,
  p5_days: 151,
  p50_days: 169,
  p95_days: 193,
  standard_error_days: { p5: 0.31, p50: 0.2043, p95: 0.02 },
  censored: { p5: false, p50: false, p95: false },
  survival: { 30: 1, 60: 1, 90: 1, 180: 0.1844, 365: 0 },
  cash: { amount: '2400000.00', currency: 'USD' },
  burn: { net_daily_mean: '14200.00', net_daily_std: '28113.42', gross_daily_mean: '19820.55' },
  cash_band: bandOf(2_400_000, -14_200, 13_000),
  without_unsigned: null,
  required_cash: { 90: '1466000.00', 180: '2588000.00', 365: '5104000.00' },
  breaking: { date: addDays(AS_OF, 169), label: 'payroll', amount: '98000.00' },
  lowest_cash: null,
  inputs: {
    hash: 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    events_through: '2026-11-21T09:11:38.120Z',
    estimated_events: 0,
    sources: [
      { source: 'aws-cost-explorer', as_of: '2026-11-20T04:00:00.000Z' },
      { source: 'payroll', as_of: '2026-11-15T17:30:02.000Z' },
      { source: 'stripe', as_of: '2026-11-21T09:11:38.120Z' },
    ],
  },
  model: { version: 'net-bootstrap-1+engine-1', paths: 10_000, seed: 42 },
  trust: { partial: false, paused: false, conflicts: 0, reasons: [] },
};

export const PLAN: readonly unknown[] = [
  { kind: 'scheduled', id: 'tax', date: '2027-01-15', amount: '-120000', label: 'Corporate income tax' },
  {
    kind: 'tranche',
    id: 'seed-2',
    date: '2027-04-01',
    amount: '1500000',
    probability: 0.8,
    delay_days: { kind: 'gamma', mean: 30, std: 12 },
    label: 'Second tranche',
  },
  {
    kind: 'recurring',
    id: 'payroll',
    every: 'semi-monthly',
    days: [15, -1],
    amount: '-98000',
    business_day: 'previous',
    label: 'Payroll',
  },
  {
    kind: 'credit',
    id: 'aws-activate',
    remaining: '92000',
    expires_on: '2027-03-15',
    daily_gross_cost: '1100',
    label: 'AWS Activate',
  },
  { kind: 'scheduled', id: 'insurance', date: '2027-04-28', amount: '-32500.5', label: 'Insurance, a year' },
];

export const DECISIONS: readonly Decision[] = [
  {
    decision_id: 'b2',
    status: 'planned',
    group: 'capstack-staging-asg',
    environment: 'staging',
    stance: 'CONSERVE',
    from: { min: 2, max: 6, desired: 4 },
    to: { min: 1, max: 3, desired: 2 },
    baseline: { min: 2, max: 6, desired: 4 },
    reason: 'p5 is 51 days, below 60 by more than its error',
    planned_at: '2026-11-21T09:00:00.000Z',
    not_before: '2026-11-21T13:00:00.000Z',
    mode: 'plan',
    supersedes: null,
    expires_at: null,
    ordered_by: null,
    expected: { cost: { monthly: { amount: '-12.26', currency: 'USD' } }, p5_days: null },
    forecast: {
      p5_days: 51,
      standard_error_days: 0.3,
      as_of: AS_OF,
      inputs_hash: 'sha256:9f86',
      model_version: 'net-bootstrap-1',
    },
  },
  {
    decision_id: 'a1',
    status: 'withdrawn',
    group: 'capstack-dev-asg',
    environment: 'dev',
    stance: 'NORMAL',
    from: { min: 0, max: 4, desired: 2 },
    to: { min: 0, max: 4, desired: 2 },
    baseline: { min: 0, max: 4, desired: 2 },
    reason: 'p5 is above 120 days again',
    planned_at: '2026-11-20T09:00:00.000Z',
    not_before: '2026-11-20T13:00:00.000Z',
    mode: 'plan',
    supersedes: 'a0',
    expires_at: null,
    ordered_by: null,
    expected: { cost: { monthly: { amount: '-12.26', currency: 'USD' } }, p5_days: null },
    forecast: {
      p5_days: 140,
      standard_error_days: 0.3,
      as_of: '2026-11-20',
      inputs_hash: 'sha256:77aa',
      model_version: 'net-bootstrap-1',
    },
  },
];

/** The page's input around a document, a few seconds old. */
export const inputOf = (
  changes: Partial<RunwayDocument> = {},
  around: Partial<Omit<PageInput, 'runway'>> = {},
): PageInput => ({
  tenant: { tenant: 'demo', accountingZone: 'UTC' },
  runway: { ...okDocument, ...changes },
  plan: PLAN,
  decisions: DECISIONS,
  policy: { stance: 'CONSERVE', since: '2026-11-21T09:00:00.000Z', hold: [] },
  nowMs: NOW_MS,
  source: 'cache',
  ageSeconds: 140,
  pullSources: ['aws-cost-explorer'],
  ...around,
});

const NO_DAYS = {
  p5_days: null,
  p50_days: null,
  p95_days: null,
  standard_error_days: { p5: null, p50: null, p95: null },
};
const NO_SURVIVAL = { 30: null, 60: null, 90: null, 180: null, 365: null };
const NO_BURN = { net_daily_mean: null, net_daily_std: null, gross_daily_mean: null };

const insufficient: Partial<RunwayDocument> = {
  status: 'insufficient_data',
  ...NO_DAYS,
  survival: NO_SURVIVAL,
  burn: NO_BURN,
  cash_band: [],
  trust: {
    partial: false,
    paused: false,
    conflicts: 0,
    reasons: ['the ledger covers 42 days in whole weeks: a forecast needs 91'],
  },
};

/** A logistic fall through the horizons and quantiles that the document states. */
const weeklyCurve: readonly (readonly [number, number])[] = Array.from({ length: 105 }, (_, week) => [
  week * 7,
  week * 7 < 120 ? 1 : Math.round(1e4 / (1 + Math.exp((week * 7 - 169) / 7.4))) / 1e4,
]);

const tiny: Partial<RunwayDocument> = {
  cash: { amount: '0.07', currency: 'USD' },
  burn: { net_daily_mean: '0.00', net_daily_std: '0.01', gross_daily_mean: '0.00' },
  cash_band: bandOf(0.07, -0.0004, 0.001),
};

const huge: Partial<RunwayDocument> = {
  cash: { amount: '123456789012345678.91', currency: 'USD' },
  burn: {
    net_daily_mean: '730000000000000.01',
    net_daily_std: '999999999999999.99',
    gross_daily_mean: '987654321098765.43',
  },
  cash_band: bandOf(1.2345e17, -7.3e14, 7e14),
};

/** Each state by its name, as a page's input. */
export const STATES: Readonly<Record<string, PageInput>> = {
  ok: inputOf(),
  curve: inputOf({ survival_curve: weeklyCurve }),
  moved: inputOf(
    {
      survival_curve: weeklyCurve,
      without_unsigned: {
        p5_days: 101,
        p50_days: 122,
        p95_days: 160,
        censored: { p5: false, p50: false, p95: false },
        survival: { 30: 1, 60: 1, 90: 0.97, 180: 0.01, 365: 0 },
        survival_curve: weeklyCurve.map(([day]) => [day, Math.max(0, Math.min(1, (170 - day) / 80))]),
      },
      lowest_cash: { p5: '-310200.00', p50: '-120450.12', p95: '4020.00', date: addDays(AS_OF, 200) },
    },
    { moved },
  ),
  insufficient_data: inputOf(insufficient),
  not_burning: inputOf({
    status: 'not_burning',
    ...NO_DAYS,
    p5_days: 402,
    standard_error_days: { p5: 3.2, p50: null, p95: null },
    censored: { p5: false, p50: true, p95: true },
    survival: { 30: 1, 60: 1, 90: 1, 180: 0.99995, 365: 0.9612 },
    burn: { ...okDocument.burn, net_daily_mean: '-310.20' },
    cash_band: bandOf(2_400_000, 310, 130_000),
  }),
  out_of_cash: inputOf({
    status: 'out_of_cash',
    p5_days: 0,
    p50_days: 0,
    p95_days: 0,
    standard_error_days: { p5: 0, p50: 0, p95: 0 },
    survival: { 30: 0, 60: 0, 90: 0, 180: 0, 365: 0 },
    cash: { amount: '-1830.17', currency: 'USD' },
    cash_band: [],
  }),
  paused: inputOf({
    status: 'paused',
    trust: {
      partial: false,
      paused: true,
      conflicts: 0,
      reasons: ['stripe and the bank differ by 3.1 % on 2026-11-20'],
    },
  }),
  stale: inputOf({}, { nowMs: NOW_MS + 6 * 86_400_000, ageSeconds: 6 * 86_400 + 140, source: 'table' }),
  late: inputOf({ computed_at: '2026-11-20T06:00:00.000Z' }, { ageSeconds: 98_040 }),
  partial: inputOf({
    trust: {
      partial: true,
      paused: false,
      conflicts: 2,
      reasons: [
        'EUR 20000.00 is held but not valued: no exchange rate is known',
        '2 facts were told in two ways: the first telling counts, the other waits for review',
      ],
    },
    inputs: { ...okDocument.inputs, estimated_events: 3 },
  }),
  censored_p95: inputOf({
    p95_days: null,
    standard_error_days: { p5: 0.3, p50: 0.2, p95: null },
    censored: { p5: false, p50: false, p95: true },
    p50_days: 402,
    survival: { 30: 1, 60: 1, 90: 1, 180: 0.9, 365: 0.6 },
    cash_band: bandOf(2_400_000, -6_000, 90_000),
  }),
  censored_p50: inputOf({
    ...NO_DAYS,
    p5_days: 380,
    standard_error_days: { p5: 2.5, p50: null, p95: null },
    censored: { p5: false, p50: true, p95: true },
    survival: { 30: 1, 60: 1, 90: 1, 180: 1, 365: 0.9512 },
    cash: { amount: '12000000.00', currency: 'USD' },
    cash_band: bandOf(12_000_000, -14_200, 300_000),
  }),
  censored_all: inputOf({
    ...NO_DAYS,
    censored: { p5: true, p50: true, p95: true },
    survival: { 30: 1, 60: 1, 90: 1, 180: 1, 365: 1 },
    cash: { amount: '90000000.00', currency: 'USD' },
    cash_band: bandOf(90_000_000, -14_200, 30_000),
  }),
  imminent: inputOf({
    p5_days: 1,
    p50_days: 3,
    p95_days: 9,
    survival: { 30: 0, 60: 0, 90: 0, 180: 0, 365: 0 },
    cash: { amount: '41000.00', currency: 'USD' },
    cash_band: bandOf(41_000, -14_200, 13_000),
  }),
  certain: inputOf({
    p5_days: 100,
    p50_days: 100,
    p95_days: 100,
    standard_error_days: { p5: 0, p50: 0, p95: 0 },
    survival: { 30: 1, 60: 1, 90: 1, 180: 0, 365: 0 },
    cash: { amount: '1420000.00', currency: 'USD' },
    cash_band: bandOf(1_420_000, -14_200, 0),
  }),
  empty: inputOf(
    {
      ...insufficient,
      cash: { amount: '0.00', currency: 'USD' },
      inputs: { ...okDocument.inputs, events_through: null, sources: [] },
      trust: {
        partial: false,
        paused: false,
        conflicts: 0,
        reasons: ['the ledger covers 0 days in whole weeks: a forecast needs 91'],
      },
    },
    { plan: [], decisions: [], policy: { stance: 'NORMAL', since: null, hold: [] } },
  ),
  no_policy: inputOf({}, { decisions: [], plan: [] }),
  held: inputOf(
    {},
    { policy: { stance: 'CRITICAL', since: null, hold: ['the forecast is partial', 'the mode is off'] } },
  ),
  huge: inputOf(huge),
  tiny: inputOf(tiny, { plan: [] }),
  yen: inputOf({
    cash: { amount: '240000000', currency: 'JPY' },
    burn: { net_daily_mean: '1420000', net_daily_std: '2811342', gross_daily_mean: '1982055' },
    cash_band: bandOf(240_000_000, -1_420_000, 1_300_000, 0),
  }),
  long_labels: inputOf(
    {
      trust: {
        ...okDocument.trust,
        reasons: ['x'.repeat(400), 'a sentence that goes on and on, '.repeat(20)],
      },
    },
    {
      plan: Array.from({ length: 14 }, (_, index) => ({
        kind: 'scheduled',
        id: `long-${index}`,
        date: addDays(AS_OF, 20 + index),
        amount: '-1234.5',
        label:
          index % 2 === 0
            ? `Instalment ${index} of a lease with a very long name indeed `.repeat(3)
            : '長い名前の支払い'.repeat(20),
      })),
      decisions: DECISIONS.map((decision) => ({
        ...decision,
        group: `group-${'unbroken'.repeat(20)}`,
        reason: 'because '.repeat(60),
      })),
    },
  ),
  hostile: inputOf(
    {
      tenant: HOSTILE,
      computed_at: '2026-11-21T09:11:40.000Z',
      inputs: {
        ...okDocument.inputs,
        hash: HOSTILE,
        events_through: HOSTILE,
        sources: [{ source: HOSTILE, as_of: HOSTILE }],
      },
      model: { version: HOSTILE, paths: 10_000, seed: 42 },
      trust: { partial: true, paused: true, conflicts: 1, reasons: [HOSTILE] },
    },
    {
      plan: PLAN.map((item) => ({ ...(item as object), label: HOSTILE })),
      decisions: DECISIONS.map((decision) => ({
        ...decision,
        group: HOSTILE,
        environment: HOSTILE,
        reason: HOSTILE,
        not_before: HOSTILE,
      })),
      policy: { stance: 'CONSERVE', since: HOSTILE, hold: [HOSTILE] },
    },
  ),
};
