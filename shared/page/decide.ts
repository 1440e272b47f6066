import { startRaising } from '../explain/raising.ts';
import type { CivilDate } from '../time/civil-date.ts';
import { daysOf, QUANTILES, type RunwayDocument } from './document.ts';
import { type Entry, list } from './figures.ts';
import { type Html, html } from './html.ts';
import { dateText, moneyText, numberText } from './words.ts';

const raising = ({ status, as_of, censored, horizon_days, ...runway }: RunwayDocument): Entry => {
  const { date, method, reason } = startRaising({
    status: status === 'paused' ? 'ok' : status,
    asOf: as_of as CivilDate,
    horizonDays: horizon_days,
    censored,
    days: { p5: runway.p5_days, p50: runway.p50_days, p95: runway.p95_days },
  });
  return ['Start raising by', date === null ? 'no day yet' : dateText(date), reason ?? method];
};

const breaking = ({ breaking: payment, cash }: RunwayDocument): readonly Entry[] =>
  payment == null
    ? []
    : [
        [
          'The payment that breaks the bank',
          html`<bdi>${payment.label ?? 'many small ones'}</bdi>`,
          `about ${moneyText(payment.amount, cash.currency)}, on ${dateText(payment.date)}`,
        ],
      ];

const lowest = ({ lowest_cash: lowest, cash }: RunwayDocument): readonly Entry[] =>
  lowest == null
    ? []
    : [
        [
          'Lowest cash ahead',
          moneyText(lowest.p50, cash.currency),
          `typically on ${dateText(lowest.date)}; 90 of 100 futures between ${moneyText(lowest.p5, cash.currency)} and ${moneyText(lowest.p95, cash.currency)}`,
        ],
      ];

const required = ({ required_cash: needed = {}, cash }: RunwayDocument): readonly Entry[] =>
  Object.entries(needed)
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .map(([days, amount]) => [
      `Cash for ${numberText(Number(days))} days`,
      moneyText(amount, cash.currency),
      'today, so that 95 of 100 futures last as long',
    ]);

const unsigned = (runway: RunwayDocument): readonly Entry[] => {
  const { without_unsigned: without, horizon_days: horizon } = runway;
  if (without == null) return [];
  const text = (days: number | null): string =>
    days === null ? `beyond ${numberText(horizon)}` : numberText(days);
  const known = { p5: without.p5_days, p50: without.p50_days, p95: without.p95_days };
  return [
    [
      'Without money that is not signed',
      html`${QUANTILES.map((quantile, index) => html`${index > 0 && ' / '}${text(known[quantile])}`)}`,
      `days at p5, p50 and p95, instead of ${QUANTILES.map((quantile) => text(daysOf(runway, quantile))).join(', ')}`,
    ],
  ];
};

/** Until when something has to be done, and how much it takes. */
export const decide = (runway: RunwayDocument): Html =>
  list(
    [raising(runway), ...breaking(runway), ...lowest(runway), ...unsigned(runway), ...required(runway)],
    'burn',
  );
