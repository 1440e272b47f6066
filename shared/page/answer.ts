import {
  dateAfter,
  daysOf,
  hasForecast,
  isPaused,
  type PageInput,
  type RunwayDocument,
  type Staleness,
  stalenessOf,
} from './document.ts';
import { type Html, html } from './html.ts';
import { countText, dateText, durationText, isNegative, isZero, moneyText } from './words.ts';

const on = (date: string): Html => html`<time datetime="${date}">${dateText(date)}</time>`;

const lastDay = (runway: RunwayDocument): string => dateAfter(runway, runway.horizon_days);

interface Claim {
  /** Begins the sentence, or goes on after what qualifies it. */
  readonly lead: string;
  readonly rest: Html;
}

/** What is true of nearly all futures. On day p5 at least 5 in 100 have run out; the day before, fewer had. */
const nearlyAll = (runway: RunwayDocument): Claim => {
  const p5 = daysOf(runway, 'p5');
  if (p5 === null)
    return {
      lead: 'more than 95',
      rest: html`of 100 modelled futures still have cash on ${on(lastDay(runway))}, the last day the model looks at`,
    };
  if (p5 <= 1)
    return {
      lead: 'in at least 5',
      rest: html`of 100 modelled futures cash runs out by ${on(dateAfter(runway, p5))}`,
    };
  return {
    lead: 'at least 95',
    rest: html`of 100 modelled futures still have cash on ${on(dateAfter(runway, Math.ceil(p5) - 1))}`,
  };
};

const half = (runway: RunwayDocument): Html | null => {
  const p50 = daysOf(runway, 'p50');
  if (p50 !== null) return html`; half run out by ${on(dateAfter(runway, p50))}`;
  if (daysOf(runway, 'p5') === null) return null;
  return html`; more than half still have it on ${on(lastDay(runway))}, the last day the model looks at`;
};

/** What the claim must not be read without. */
const qualified = (input: PageInput): readonly string[] => {
  const { runway } = input;
  const qualifications: string[] = [];
  if (stalenessOf(input).daysBehind > 0) qualifications.push(`as seen on ${dateText(runway.as_of)},`);
  if (isPaused(runway)) qualifications.push('subject to reconciliation,');
  if (runway.status === 'not_burning') qualifications.push('on average cash does not shrink, and');
  return qualifications;
};

const capitalised = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

const outOfCash = ({ cash, as_of }: RunwayDocument): Html => {
  const balance = html`<span class="n">${moneyText(cash.amount, cash.currency)}</span>`;
  return isNegative(cash.amount) || isZero(cash.amount)
    ? html`Cash has run out: the balance on ${on(as_of)} is ${balance}.`
    : html`The runway has ended: the balance on ${on(as_of)}, ${balance}, is at or below the minimum to keep.`;
};

const isEmptyLedger = ({ inputs, cash }: RunwayDocument): boolean =>
  inputs.sources.length === 0 && isZero(cash.amount);

/** The one sentence that the page is about, true of the document as it stands. */
export const answer = (input: PageInput): Html => {
  const { runway } = input;
  if (runway.status === 'out_of_cash') return outOfCash(runway);
  if (isEmptyLedger(runway)) return html`No forecast yet: no money event has been recorded.`;
  if (!hasForecast(runway)) return html`No forecast yet: the recorded history is too short to tell.`;
  const { lead, rest } = nearlyAll(runway);
  return html`${capitalised([...qualified(input), lead].join(' '))} ${rest}${half(runway)}.`;
};

interface Notice {
  readonly grave: boolean;
  readonly title: string;
  readonly text: Html;
}

const staleNotice = ({ runway, nowMs }: PageInput, { daysBehind }: Staleness): Notice => ({
  grave: false,
  title: 'Stale',
  text:
    daysBehind > 0
      ? html`This is the forecast of ${on(runway.as_of)}, ${countText(daysBehind, 'day')} old. What happened since is not in it, and every date below counts from that day.`
      : html`This forecast was computed ${durationText((nowMs - Date.parse(runway.computed_at)) / 1000)} ago, although a new one is due every day.`,
});

/** What a reader has to know before the number. */
const noticesOf = (input: PageInput): readonly Notice[] => {
  const { runway } = input;
  const notices: Notice[] = [];
  if (isPaused(runway))
    notices.push({
      grave: true,
      title: 'Paused',
      text: html`The sources disagree, so investors do not see this forecast and no action follows from it. <a href="#trust">Why</a>`,
    });
  const staleness = stalenessOf(input);
  if (staleness.stale) notices.push(staleNotice(input, staleness));
  if (runway.trust.partial)
    notices.push({
      grave: false,
      title: 'Partial',
      text: html`Some of what is known is not in this forecast. <a href="#trust">What is missing</a>`,
    });
  return notices;
};

export const notices = (input: PageInput): Html =>
  html`${noticesOf(input).map(
    ({ grave, title, text }) =>
      html`<p class="notice ${grave ? 'grave' : 'mild'}" role="note"><strong>${title}</strong> <span>${text}</span></p>`,
  )}`;
