import type { PageInput, RunwayDocument } from './document.ts';
import { type Html, html, type Part } from './html.ts';
import { dateText, durationText, instantText, moneyText, numberText, timesText } from './words.ts';

export type Entry = readonly [term: string, figure: Part, note?: Part];

export const list = (entries: readonly Entry[], kind: string): Html =>
  html`<dl class="${kind}">${entries.map(
    ([term, figure, note]) =>
      html`<div><dt>${term}</dt><dd><span class="n">${figure}</span>${note && html` <small>${note}</small>`}</dd></div>`,
  )}</dl>`;

const perMonth = (amount: string, currency: string): string =>
  `${moneyText(timesText(amount, 30n, currency), currency)} in 30 days`;

/** What leaves on an average day. Positive net burn shrinks the cash. */
export const burn = ({
  burn: { net_daily_mean, net_daily_std, gross_daily_mean },
  cash,
}: RunwayDocument): Html => {
  if (net_daily_mean === null && gross_daily_mean === null && net_daily_std === null)
    return html`<p>Not enough history to state a burn.</p>`;
  const stated = (amount: string | null): string =>
    amount === null ? 'not known' : moneyText(amount, cash.currency);
  const monthly = (amount: string | null): Part => amount !== null && perMonth(amount, cash.currency);
  return list(
    [
      ['Net burn a day', stated(net_daily_mean), monthly(net_daily_mean)],
      ['Gross burn a day', stated(gross_daily_mean), monthly(gross_daily_mean)],
      ['Spread of a day’s net flow', stated(net_daily_std), 'standard deviation'],
    ],
    'burn',
  );
};

const HASH_LENGTH = 12;

const hash = (text: string): Html => {
  const hex = text.replace(/^sha256:/, '');
  return html`<code title="${text}">${hex.slice(0, HASH_LENGTH)}</code>`;
};

/** All that it takes to compute the same numbers again. */
export const method = ({ runway, source, ageSeconds }: PageInput): Html => {
  const { model, inputs } = runway;
  const through = inputs.events_through;
  return list(
    [
      ['Model', html`<code>${model.version}</code>`],
      ['Futures drawn', numberText(model.paths), html`seed <span class="n">${model.seed}</span>`],
      ['Looks ahead', `${numberText(runway.horizon_days)} days`],
      ['Inputs', hash(inputs.hash)],
      ['As of', dateText(runway.as_of)],
      ['Events through', through === null ? 'none' : instantText(through)],
      ['Computed', instantText(runway.computed_at), `${durationText(ageSeconds)} ago`],
      ['Read from', source],
    ],
    'method',
  );
};
