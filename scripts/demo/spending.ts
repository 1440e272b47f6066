import { addDays, type CivilDate, daysBetween } from '../../shared/time/civil-date.ts';
import { headcountOn } from './payroll.ts';
import { drawsOf } from './random.ts';
import { type BusinessDay, datesWithin, type Window } from './window.ts';
import type { PayrollRun } from './world.ts';

/** A payment of the company, in cents. */
export interface Payment {
  /** Tells payments to one counterparty on one day apart. */
  readonly name: string;
  readonly date: CivilDate;
  readonly amountMinor: number;
  readonly category: string;
  readonly counterparty: string;
  readonly description?: string;
}

type DueRule = Parameters<typeof datesWithin>[1];

/** What a vendor is paid each time: a sum, something for every head, and how far it varies, as a share. */
interface Terms {
  readonly counterparty: string;
  readonly category: string;
  readonly due: DueRule;
  readonly businessDay?: BusinessDay;
  readonly fixedMinor?: number;
  readonly perHeadMinor?: number;
  readonly variation?: number;
}

const monthly = (day: number): DueRule => ({ every: 'monthly', day });
const yearly = (month: number, day: number): DueRule => ({ every: 'yearly', month, day });

const software = (counterparty: string, day: number, fixedMinor: number, perHeadMinor: number): Terms => ({
  counterparty,
  category: 'software',
  due: monthly(day),
  fixedMinor,
  perHeadMinor,
  variation: 0.015,
});

const annual = (
  counterparty: string,
  category: string,
  [month, day]: readonly [number, number],
  fixedMinor: number,
): Terms => ({ counterparty, category, due: yearly(month, day), fixedMinor, variation: 0.03 });

const TERMS: readonly Terms[] = [
  software('GitHub', 3, 0, 21_00),
  software('Google Workspace', 1, 0, 18_00),
  software('Slack', 6, 0, 15_00),
  software('Notion', 11, 0, 12_00),
  software('Figma', 14, 225_00, 9_00),
  software('Zoom', 22, 180_00, 4_00),
  software('HubSpot', 8, 1_780_00, 22_00),
  software('Datadog', 4, 2_140_00, 0),
  software('Vanta', 25, 1_150_00, 0),
  software('OpenAI', 2, 1_420_00, 38_00),
  software('Gusto', 7, 180_00, 12_00),
  annual('Embroker', 'insurance', [4, 12], 34_600_00),
  annual('Coalition', 'insurance', [9, 8], 16_240_00),
  annual('Salesforce', 'software', [2, 20], 27_900_00),
  annual('Carta', 'software', [6, 2], 9_400_00),
  annual('Prescient Security', 'professional_services', [11, 14], 24_800_00),
  annual('SaaStr', 'marketing', [7, 21], 18_500_00),
  annual('NetSuite', 'software', [10, 5], 22_300_00),
  annual('Delaware Division of Corporations', 'tax', [3, 1], 9_650_00),
  {
    counterparty: 'Guardian Benefits',
    category: 'benefits',
    due: monthly(5),
    businessDay: 'next',
    perHeadMinor: 1_040_00,
    variation: 0.01,
  },
  {
    counterparty: 'Contractors',
    category: 'contractors',
    due: monthly(28),
    businessDay: 'previous',
    fixedMinor: 13_200_00,
    variation: 0.17,
  },
  {
    counterparty: 'Google Ads',
    category: 'marketing',
    due: { every: 'semi-monthly', days: [2, 17] },
    fixedMinor: 8_400_00,
    variation: 0.12,
  },
  {
    counterparty: 'Pilot',
    category: 'professional_services',
    due: monthly(10),
    businessDay: 'next',
    fixedMinor: 3_250_00,
  },
  {
    counterparty: 'Office and meals',
    category: 'office',
    due: { every: 'weekly', weekday: 5 },
    fixedMinor: 390_00,
    perHeadMinor: 27_50,
    variation: 0.2,
  },
];

const RENT = { first: 12_400_00, moved: 18_650_00, movedOnDay: 168 };

/** Irregular payments: how many a month, and dollars from and to. */
const IRREGULAR = [
  { name: 'travel', category: 'travel', counterparty: 'Navan', aMonth: 2.4, from: 640, to: 3_900 },
  {
    name: 'legal',
    category: 'legal',
    counterparty: 'Harlan & Reyes LLP',
    aMonth: 0.45,
    from: 3_800,
    to: 14_500,
  },
  { name: 'equipment', category: 'equipment', counterparty: 'Apple', aMonth: 0.8, from: 1_900, to: 5_600 },
  {
    name: 'recruiting',
    category: 'recruiting',
    counterparty: 'Northbeam Talent',
    aMonth: 0.22,
    from: 19_000,
    to: 31_000,
  },
] as const;

const MONTH_DAYS = 30.4;

const slug = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** Payments to the vendors of the table, each on its days. */
export const vendorPayments = (
  seed: number,
  window: Window,
  runs: readonly PayrollRun[],
): readonly Payment[] =>
  TERMS.flatMap(({ counterparty, category, due, businessDay, ...terms }, vendor) => {
    const draws = drawsOf(seed, 'vendor', vendor);
    const { fixedMinor = 0, perHeadMinor = 0, variation = 0 } = terms;
    return datesWithin(window, due, businessDay ?? 'none').map((date) => ({
      name: slug(counterparty),
      date,
      amountMinor: Math.round(
        (fixedMinor + perHeadMinor * headcountOn(runs, date)) *
          (1 + variation * Math.max(-2.5, Math.min(2.5, draws.bell()))),
      ),
      category,
      counterparty,
    }));
  });

export const rentPayments = (window: Window): readonly Payment[] =>
  datesWithin(window, monthly(1), 'next').map((date) => ({
    name: 'rent',
    date,
    amountMinor: daysBetween(window.first, date) < RENT.movedOnDay ? RENT.first : RENT.moved,
    category: 'rent',
    counterparty: 'Foundry Street Properties',
  }));

export const irregularPayments = (seed: number, window: Window): readonly Payment[] =>
  IRREGULAR.flatMap(({ name, category, counterparty, aMonth, from, to }, kind) => {
    const draws = drawsOf(seed, 'spending', kind);
    const payments: Payment[] = [];
    for (let day = 0; day < window.days; day += 1)
      if (draws.chance(aMonth / MONTH_DAYS))
        payments.push({
          name,
          date: addDays(window.first, day),
          amountMinor: draws.between(from * 100, to * 100),
          category,
          counterparty,
        });
    return payments;
  });
