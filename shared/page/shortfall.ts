import type { Currency } from '../money/currency.ts';
import { decimalOf, type Minor, minorOf } from '../money/money.ts';
import { type CivilDate, daysBetween } from '../time/civil-date.ts';
import { dateAfter, daysOf, type RunwayDocument } from './document.ts';
import { type Html, html } from './html.ts';
import type { Planned } from './planned.ts';
import { countText, dateText, isNegative, moneyText, percentText, timesText } from './words.ts';

/** Payments this close before the end are named beside it. */
const NEAR_DAYS = 14;
const NAMED_MAX = 5;

interface End {
  readonly day: number;
  /** The same as the subject of a sentence. */
  readonly words: string;
}

/** The day that the explanations look at: when half have run out, or else when the first have. */
const endOf = (runway: RunwayDocument): End | null => {
  const p50 = daysOf(runway, 'p50');
  if (p50 !== null) return { day: Math.ceil(p50), words: 'half of the futures have run out' };
  const p5 = daysOf(runway, 'p5');
  return p5 === null ? null : { day: Math.ceil(p5), words: '5 of 100 futures have run out' };
};

const dated = (runway: RunwayDocument, day: number): Html => {
  const date = dateAfter(runway, day);
  return html`<time datetime="${date}">${dateText(date)}</time>`;
};

const amountOf = (runway: RunwayDocument, amount: string): Html =>
  html`<span class="n">${moneyText(amount, runway.cash.currency, 'exceptZero')}</span>`;

const moneyOf = (runway: RunwayDocument, amount: string): Html =>
  html`<span class="n">${moneyText(amount, runway.cash.currency)}</span>`;

const listed = (items: readonly Html[]): Html =>
  html`${items.slice(0, NAMED_MAX).map((item, index) => html`${index > 0 && ', '}${item}`)}${
    items.length > NAMED_MAX && ` and ${items.length - NAMED_MAX} more`
  }`;

const isOutflow = ({ kind, amount }: Planned): boolean => kind !== 'credit' && isNegative(amount);

/** Planned payments of the fortnight that ends with the day. */
const paymentsNear = (runway: RunwayDocument, planned: readonly Planned[], end: End): Html | null => {
  const near = planned
    .filter(isOutflow)
    .flatMap((item) => item.days.map((day) => ({ item, day })))
    .filter(({ day }) => day > end.day - NEAR_DAYS && day <= end.day)
    .sort((a, b) => a.day - b.day)
    .map(
      ({ item, day }) =>
        html`<bdi>${item.label}</bdi> ${amountOf(runway, item.amount)} on ${dated(runway, day)}`,
    );
  if (near.length === 0) return null;
  return html`Planned in the ${NEAR_DAYS} days up to then: ${listed(near)}.`;
};

const againstEnd = (day: number, end: End): string => {
  if (day === end.day) return 'on that very day';
  return day < end.day
    ? `${countText(end.day - day, 'day')} before that`
    : `${countText(day - end.day, 'day')} after that`;
};

const tranches = (runway: RunwayDocument, planned: readonly Planned[], end: End): readonly Html[] =>
  planned
    .filter(({ kind }) => kind === 'tranche')
    .slice(0, NAMED_MAX)
    .map(({ label, amount, days: [due = 0], delayDays, probability }) => {
      const day = Math.round(due + delayDays);
      return html`<bdi>${label}</bdi>, ${amountOf(runway, amount)} and ${percentText(probability)} likely, is expected on ${dated(runway, day)}, ${againstEnd(day, end)}.`;
    });

const credits = (runway: RunwayDocument, planned: readonly Planned[], end: End): readonly Html[] =>
  planned
    .filter(({ kind, days: [last = 0] }) => kind === 'credit' && last < end.day)
    .slice(0, NAMED_MAX)
    .map(
      ({ label, amount, days: [last = 0] }) =>
        html`<bdi>${label}</bdi> pays its last on ${dated(runway, last)}; from then ${moneyOf(runway, amount.replace('-', ''))} a day is paid in cash.`,
    );

interface Fall {
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly amount: string;
}

/** The largest fall of the middle of the band between two of its points, up to the day. */
const steepestFall = ({ cash_band = [], cash, as_of }: RunwayDocument, end: End): Fall | null => {
  const minorIn = (amount: string): Minor => minorOf(amount, cash.currency as Currency) ?? 0n;
  let steepest: Fall | null = null;
  let greatest = 0n;
  cash_band.forEach(({ date, p50 }, index) => {
    const before = cash_band[index - 1];
    if (before === undefined || daysBetween(as_of as CivilDate, before.date as CivilDate) >= end.day) return;
    const fallMinor = minorIn(before.p50) - minorIn(p50);
    if (fallMinor <= greatest) return;
    greatest = fallMinor;
    const amount = decimalOf(fallMinor, cash.currency as Currency);
    steepest = { from: before.date as CivilDate, to: date as CivilDate, amount };
  });
  return steepest;
};

const fallSentence = (runway: RunwayDocument, end: End): Html | null => {
  const fall = steepestFall(runway, end);
  if (fall === null) return null;
  return html`The middle of the band falls fastest from <time datetime="${fall.from}">${dateText(fall.from)}</time> to <time datetime="${fall.to}">${dateText(fall.to)}</time>: by ${moneyOf(runway, fall.amount)}.`;
};

const pattern = (runway: RunwayDocument, planned: readonly Planned[]): Html | null => {
  const { burn, cash } = runway;
  const { net_daily_mean: net } = burn;
  if (net === null) return null;
  const grows = isNegative(net);
  const daily = grows ? net.slice(1) : net;
  const rate = html`${moneyOf(runway, daily)} a day (${moneyOf(runway, timesText(daily, 30n, cash.currency))} in 30 days)`;
  return html`The ledger’s recent pattern ${grows ? 'adds' : 'costs'} ${rate}${
    planned.length === 0 && '; no planned item is ahead, so the forecast rests on that pattern alone'
  }.`;
};

/** What the end of cash coincides with. The document names no causes, so neither does this. */
export const shortfall = (runway: RunwayDocument, planned: readonly Planned[]): Html => {
  const end = endOf(runway);
  const rate = pattern(runway, planned);
  if (end === null)
    return html`<p>Within ${countText(runway.horizon_days, 'day')} fewer than 5 of 100 futures run out, so no date stands out.</p><ul>${rate && html`<li>${rate}</li>`}</ul>`;
  const facts = [
    paymentsNear(runway, planned, end),
    ...tranches(runway, planned, end),
    ...credits(runway, planned, end),
    fallSentence(runway, end),
    rate,
  ].filter((fact) => fact !== null);
  return html`<p class="lead">By ${dated(runway, end.day)}, ${countText(end.day, 'day')} after ${dateText(runway.as_of)}, ${end.words}.</p>
<ul>${facts.map((fact) => html`<li>${fact}</li>`)}</ul>`;
};
