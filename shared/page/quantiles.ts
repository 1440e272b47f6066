import { dateAfter, daysOf, hasForecast, type Quantile, type RunwayDocument } from './document.ts';
import { type Html, html, type Part } from './html.ts';
import { dateText, numberText, standardErrorText } from './words.ts';

interface Reading {
  readonly quantile: Quantile;
  readonly name: string;
  readonly meaning: string;
}

const READINGS: readonly Reading[] = [
  {
    quantile: 'p5',
    name: 'Cautious',
    meaning: 'Fewer than 5 of 100 futures run out before this day. Plan by it.',
  },
  {
    quantile: 'p50',
    name: 'Even odds',
    meaning: 'Half of the futures have run out by the end of this day.',
  },
  {
    quantile: 'p95',
    name: 'Hopeful',
    meaning: 'At most 5 of 100 futures last longer. Do not count on it.',
  },
];

const days = (count: number): Html =>
  html`<p class="figure"><span class="n">${numberText(count)}</span> ${count === 1 ? 'day' : 'days'}</p>`;

const known = (runway: RunwayDocument, quantile: Quantile, count: number): Part => {
  const error = runway.standard_error_days[quantile];
  const date = dateAfter(runway, count);
  return html`${days(count)}
<p class="when"><time datetime="${date}">${dateText(date)}</time></p>
<p class="error">${error === null ? 'standard error not known' : html`± <span class="n">${standardErrorText(error)}</span> days standard error`}</p>`;
};

const beyond = (
  runway: RunwayDocument,
): Html => html`<p class="figure"><small>over</small> <span class="n">${numberText(
  runway.horizon_days,
)}</span> days</p>
<p class="when">after ${dateText(dateAfter(runway, runway.horizon_days))}</p>
<p class="error">the model looks no further</p>`;

const BEYOND_MEANINGS: Readonly<Record<Quantile, string>> = {
  p5: 'Fewer than 5 of 100 futures run out before.',
  p50: 'Fewer than half of the futures run out before.',
  p95: 'Fewer than 95 of 100 futures run out before.',
};

const card = (runway: RunwayDocument, { quantile, name, meaning }: Reading): Html => {
  const count = daysOf(runway, quantile);
  const censored = count === null && runway.censored[quantile];
  const figure =
    count !== null
      ? known(runway, quantile, count)
      : censored
        ? beyond(runway)
        : html`<p class="figure none">no number</p>`;
  const said = count !== null ? meaning : censored ? BEYOND_MEANINGS[quantile] : '';
  return html`<section class="card ${quantile}" aria-labelledby="card-${quantile}">
<h2 id="card-${quantile}"><abbr title="${{ p5: '5th', p50: '50th', p95: '95th' }[quantile]} percentile">${quantile}</abbr> ${name}</h2>
${figure}
<p class="meaning">${said}</p>
</section>`;
};

/** The three dates by which cash runs out, and how well each is known. */
export const quantileCards = (runway: RunwayDocument): Html => {
  if (runway.status === 'out_of_cash' || !hasForecast(runway)) return html``;
  return html`<div class="cards">${READINGS.map((reading) => card(runway, reading))}</div>
<p class="aside">Days count from ${dateText(runway.as_of)}. The standard error is what chance in drawing <span class="n">${numberText(
    runway.model.paths,
  )}</span> futures leaves open; how uncertain the future itself is, the distance from p5 to p95 tells.</p>`;
};
