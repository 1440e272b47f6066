import { createHash } from 'node:crypto';
import { answer, notices } from './answer.ts';
import { besideNumber } from './beside.ts';
import { decide } from './decide.ts';
import { isPaused, type PageInput, type RunwayDocument, stalenessOf } from './document.ts';
import { type FanChart, fanChart } from './fan-chart.ts';
import { burn, method } from './figures.ts';
import { type Html, html, styleElement } from './html.ts';
import { movedSince } from './moved.ts';
import { kindName, type Planned, plannedItems } from './planned.ts';
import { quantileCards } from './quantiles.ts';
import { shortfall } from './shortfall.ts';
import { stance } from './stance.ts';
import { STYLE } from './style.ts';
import { hasSurvival, survivalCurve, survivalTiles } from './survival.ts';
import { behind, table } from './table.ts';
import { toldSoFar } from './told.ts';
import { trust } from './trust.ts';
import { countText, dateText, moneyText } from './words.ts';

export interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Nothing but the page's own style sheet may load or run; `data:` is for the empty icon. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Status {
  readonly name: string;
  readonly tone: 'calm' | 'mild' | 'grave';
}

/** What kind of answer this is; the gravest thing first. */
const statusOf = (input: PageInput): Status => {
  const { runway } = input;
  if (runway.status === 'out_of_cash') return { name: 'Out of cash', tone: 'grave' };
  if (isPaused(runway)) return { name: 'Paused', tone: 'grave' };
  if (runway.status === 'insufficient_data') return { name: 'Not enough data', tone: 'mild' };
  if (stalenessOf(input).stale) return { name: 'Stale forecast', tone: 'mild' };
  if (runway.trust.partial) return { name: 'Partial forecast', tone: 'mild' };
  return { name: runway.status === 'not_burning' ? 'Not burning' : 'Forecast', tone: 'calm' };
};

const section = (id: string, title: string, content: Html): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${content}
</section>`;

const hero = (input: PageInput): Html => {
  const { runway } = input;
  const { cash, burn: rate } = runway;
  const burnText =
    rate.net_daily_mean !== null &&
    html` · net burn <span class="n">${moneyText(rate.net_daily_mean, cash.currency)}</span> a day`;
  const status = statusOf(input);
  return html`<header>
<p class="top"><span><bdi>${runway.tenant}</bdi> <span class="sep">·</span> runway on ${dateText(runway.as_of)}</span>
<span class="status ${status.tone}">${status.name}</span></p>
${notices(input)}
<h1>${answer(input)}</h1>
<p class="sub">Cash on ${dateText(runway.as_of)} <span class="n">${moneyText(cash.amount, cash.currency)}</span>${burnText}</p>
</header>`;
};

const planTable = (planned: readonly Planned[]): Html =>
  behind(
    'The plan ahead',
    planned.length === 0
      ? html`<p>No planned item is ahead.</p>`
      : table(
          'Planned items ahead',
          [{ title: 'Item' }, { title: 'Kind' }, { title: 'What' }],
          planned.map(({ label, kind, detail }) => [html`<bdi>${label}</bdi>`, kindName(kind), detail]),
        ),
  );

const bandTable = ({ cash_band = [], cash: { currency } }: RunwayDocument): Html =>
  behind(
    'The figures of this chart',
    table(
      'Cash at the end of the day',
      [
        { title: 'Date' },
        { title: 'p5', figures: true },
        { title: 'p50', figures: true },
        { title: 'p95', figures: true },
      ],
      cash_band.map(({ date, p5, p50, p95 }) => [
        dateText(date),
        ...[p5, p50, p95].map((amount) => moneyText(amount, currency)),
      ]),
    ),
  );

const fan = (
  runway: RunwayDocument,
  { drawings, cut, lastDay, leftOut }: FanChart,
  planned: readonly Planned[],
): Html =>
  html`<figure>${drawings}
<figcaption>The line is the middle of the modelled futures at each date, the band holds 90 of 100. Below zero the bills go on as if they were paid${
    cut && '; what lies far below is cut off'
  }.${lastDay < runway.horizon_days && ' What comes after nearly all futures have run out is in the table only.'}${leftOut > 0 && ` ${countText(leftOut, 'more plan item is', 'more plan items are')} listed below.`}</figcaption></figure>
${bandTable(runway)}${planTable(planned)}`;

const forecastSections = (input: PageInput): Html => {
  const { runway } = input;
  const planned = plannedItems(input.plan, runway);
  const chart = fanChart(runway, planned, stalenessOf(input).today);
  const ended = runway.status === 'out_of_cash';
  return html`${hasSurvival(runway) && section('survival', 'Chance of still having cash', survivalTiles(runway))}
${
  chart === null
    ? section(
        'cash',
        'Cash to come',
        html`<p>Nothing was simulated, so there is nothing to draw.</p>${planTable(planned)}`,
      )
    : section('cash', 'Cash to come', fan(runway, chart, planned))
}
${hasSurvival(runway) && !ended && section('curve', 'How the chance falls', survivalCurve(runway))}
${chart !== null && section('break', 'What would break the bank, and when', shortfall(runway, planned))}
${chart !== null && !ended && section('decide', 'What to do, and by when', decide(runway))}`;
};

/**
 * The runway page: one document without scripts, complete in itself. Whatever the input says is escaped.
 * @returns the page and the headers to answer it with; its policy admits the page's own style sheet and nothing else.
 */
export const renderPage = (input: PageInput): Page => {
  const { runway, moved = [] } = input;
  const told = toldSoFar(input.told ?? []);
  const beside = besideNumber(runway);
  const page = html`<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="robots" content="noindex" />
<link rel="icon" href="data:," />
<title>Runway of ${runway.tenant} on ${dateText(runway.as_of)}</title>
${styleElement(STYLE)}
</head>
<body>
<main>
${hero(input)}
${quantileCards(runway)}
${moved.length > 0 && section('moved', 'What moved it', movedSince(moved))}
${forecastSections(input)}
${beside !== null && section('beside', 'Beside the number', beside)}
${told !== null && section('told', 'What was told so far', told)}
${section('trust', 'How far to trust it', trust(input))}
${section('policy', 'What the policy does about it', stance(input))}
${section('burn', 'Burn', burn(runway))}
</main>
<footer>${section('method', 'How this was computed', method(input))}</footer>
</body>
</html>`;
  return {
    html: `<!DOCTYPE html>\n${page.markup}\n`,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-source': input.source,
      age: input.ageSeconds.toString(),
    },
  };
};
