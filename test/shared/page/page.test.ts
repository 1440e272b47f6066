import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PageInput, RunwayDocument } from '../../../shared/page/document.ts';
import { renderPage } from '../../../shared/page/page.ts';
import { ledgerView } from '../../../shared/runway/ledger-view.ts';
import { emptyRunway, runwayOf } from '../../../shared/runway/runway.ts';
import { day } from '../../support/rows.ts';
import { settingsOf } from '../../support/settings.ts';
import { namesIn } from '../../support/well-formed.ts';
import { USD, uneven } from '../model/ledgers.ts';
import { HOSTILE, inputOf, NOW_MS, STATES } from './documents.ts';

const stateOf = (name: string): PageInput => {
  const input = STATES[name];
  assert(input !== undefined, name);
  return input;
};

/** What can be read on the page, drawings and their descriptions left out. */
const readable = (html: string): string =>
  html
    .replace(/^[\s\S]*<body>/, '')
    .replace(/<svg[\s\S]*?<\/svg>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('\u00a0', ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ');

const attributes = (html: string, name: string): readonly string[] =>
  [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value = '']) => value);

for (const [name, input] of Object.entries(STATES))
  test(`${name}: the page is well formed, complete in itself and runs nothing`, () => {
    const { html, headers } = renderPage(input);
    assert.equal(namesIn(html)[0], 'html');
    assert.doesNotMatch(html, /<script|<iframe|<object|<embed|<form|javascript:|@import|url\((?!#)/i);
    assert.doesNotMatch(html.replaceAll(/&[^;]*;/g, ' '), /https?:|\/\//i);
    for (const target of [...attributes(html, 'href'), ...attributes(html, 'src')])
      assert.match(target, /^(#[a-z]+|data:,)$/);
    assert.doesNotMatch(html.replaceAll(/"[^"]*"/g, '""'), /<[^>]* (on[a-z]+|style)=/i);
    const ids = attributes(html, 'id');
    assert.equal(new Set(ids).size, ids.length);
    for (const labels of attributes(html, 'aria-labelledby'))
      for (const id of labels.split(' ')) assert(ids.includes(id), id);
    for (const target of attributes(html, 'href'))
      if (target.startsWith('#')) assert(ids.includes(target.slice(1)));
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    assert.equal(html.split('<style').length, 2);
    assert.match(headers['content-security-policy'] ?? '', /^default-src 'none'; /);
    assert(headers['content-security-policy']?.includes(`style-src 'sha256-${hash}'`));
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  });

for (const [name, input] of Object.entries(STATES))
  test(`${name}: every drawing is named, described and finite`, () => {
    const { html } = renderPage(input);
    assert.doesNotMatch(html, /NaN|Infinity|undefined|\[object|null/);
    const drawings = [...html.matchAll(/<svg class="(?:wide|narrow)"([^>]*)>([\s\S]*?)<\/svg>/g)];
    assert.equal(drawings.length % 2, 0);
    for (const [, opening = '', content = ''] of drawings) {
      assert.match(opening, /role="img" aria-labelledby="[a-z]+-[a-z]+-title [a-z]+-[a-z]+-desc"/);
      assert.match(content, /<title id="[^"]+">[^<]{20,}<\/title>\s*<desc id="[^"]+">[^<]{5,}<\/desc>/);
    }
    for (const figure of html.split('<figure>').slice(1))
      assert.match(figure, /<\/figure>\s*<details>[\s\S]*<table/);
  });

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const SHORT = 'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec'.split(' ');

const dateAfter = (asOf: string, days: number): string =>
  new Date(Date.parse(asOf) + Math.ceil(days) * 86_400_000).toISOString().slice(0, 10);

const spelled = (date: string, months: readonly string[] = MONTHS): string => {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return `${day} ${months[month - 1]} ${year}`;
};

const SYMBOLS: Readonly<Record<string, string>> = { USD: '$', JPY: '¥' };

/** An amount as a person writes it, by another way than the page's. */
const amountText = (amount: string, currency: string): string => {
  const [whole = '', fraction] = amount.replace('-', '').split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amount.startsWith('-') ? '\u2212' : ''}${SYMBOLS[currency]}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
};

/** What a document says in figures, each with what it is the figure of, as the page must say it. */
const figuresOf = ({ runway }: PageInput): readonly string[] => {
  const { cash, burn, model, survival, cash_band = [], as_of } = runway;
  const money = (amount: string): string => amountText(amount, cash.currency);
  const cards = [
    ['p5 Cautious', runway.p5_days],
    ['p50 Even odds', runway.p50_days],
    ['p95 Hopeful', runway.p95_days],
  ] as const;
  const burns = [
    ['Net burn a day', burn.net_daily_mean],
    ['Gross burn a day', burn.gross_daily_mean],
    ['Spread of a day’s net flow', burn.net_daily_std],
  ] as const;
  return [
    `Cash on ${spelled(as_of)} ${money(cash.amount)}`,
    ...burns.flatMap(([name, amount]) => (amount === null ? [] : [`${name} ${money(amount)}`])),
    ...cards.flatMap(([name, count]) =>
      count === null || runway.status === 'out_of_cash'
        ? []
        : [`${name} ${count} ${count === 1 ? 'day' : 'days'} ${spelled(dateAfter(as_of, count))}`],
    ),
    ...Object.entries(survival).flatMap(([days, share]) =>
      share === null || share > 0.9999 !== (share === 1)
        ? []
        : [`${days} days ${Number((share * 100).toFixed(2))}%`],
    ),
    ...cash_band.map(({ date, p5, p50, p95 }) => [spelled(date), ...[p5, p50, p95].map(money)].join(' ')),
    `seed ${model.seed}`,
    `Model ${model.version}`,
  ];
};

const COMPLETE = Object.keys(STATES).filter(
  (name) => !['hostile', 'insufficient_data', 'empty', 'tiny'].includes(name),
);

for (const name of COMPLETE)
  test(`${name}: what the document says in figures is on the page`, () => {
    const input = stateOf(name);
    const text = readable(renderPage(input).html).replaceAll('> 99', '>99');
    for (const figure of figuresOf(input)) assert(text.includes(figure), figure);
  });

/** Digits with what belongs to them. */
const numbersIn = (text: string): readonly string[] => text.match(/\d[\d,]*(\.\d+)?/g) ?? [];

test('no figure is on the page that the document, the plan or the method does not account for', () => {
  const input = inputOf({}, { plan: [], decisions: [] });
  const { burn } = input.runway;
  const monthly = [burn.net_daily_mean, burn.gross_daily_mean].map((amount) =>
    amountText((Number(amount) * 30).toFixed(2), 'USD'),
  );
  const fall = input.runway.cash_band?.map(({ p50 }) => Number(p50)) ?? [];
  const falls = fall.slice(1).map((p50, index) => amountText(((fall[index] ?? 0) - p50).toFixed(2), 'USD'));
  const shortDates = [30, 60, 90, 180, 365].map((days) => spelled(dateAfter('2026-11-21', days), SHORT));
  const stated = [
    ...figuresOf(input),
    ...figuresOf(input).map((figure) => figure.replace(/%$/, '')),
    ...[...monthly, ...falls, ...shortDates],
    ...['10,000', '730', 'p5 p50 p95', '95 of 100', '5 of 100', '90 of 100', '30 days'],
    ...['0.3', '0.2', '0.1', spelled(dateAfter('2026-11-21', 150))],
    ...[
      '20 Nov 2026, 04:00',
      '15 Nov 2026, 17:30',
      '21 Nov 2026, 09:11',
      '21 Nov 2026, 09:00',
      '1 day 5 days 2 minutes',
    ],
    '9f86d081884c',
    ...['$98,000.00', '$1,466,000.00', '$2,588,000.00', '$5,104,000.00', '182 days'],
    ...[spelled(dateAfter('2026-11-21', 169)), spelled(dateAfter('2026-11-21', 151 - 182))],
  ];
  const known = new Set(stated.flatMap(numbersIn));
  for (const number of numbersIn(readable(renderPage(input).html))) assert(known.has(number), number);
});

test('the hash is whole where it is asked for', () => {
  const input = inputOf();
  const { html } = renderPage(input);
  assert(html.includes(`<code title="${input.runway.inputs.hash}">9f86d081884c</code>`));
});

test('a state without numbers shows none', () => {
  for (const name of ['insufficient_data', 'empty']) {
    const text = readable(renderPage({ ...stateOf(name), plan: [], decisions: [] }).html);
    assert.doesNotMatch(text, /\d%|futures still|p50|standard error|NaN/);
    assert.match(text, /a forecast needs 91\./);
    assert.match(text, /Not enough history to state a burn/);
  }
});

test('out of cash shows the balance, and no day to come', () => {
  const text = readable(renderPage(stateOf('out_of_cash')).html);
  assert.doesNotMatch(text, /standard error|none of 10,000/);
  assert.match(text, /Nothing was simulated/);
});

test('a quantile beyond the horizon is said to be beyond it', () => {
  const text = readable(renderPage(stateOf('censored_p95')).html);
  assert.match(text, /p95 Hopeful over 730 days after 20 November 2028 the model looks no further/);
  assert.match(text, /p50 Even odds 402 days 28 December 2027/);
});

test('a source that we ask is stale after three days of silence, one that calls us never is', () => {
  const rows = (nowMs: number, pullSources: readonly string[]): string =>
    renderPage(inputOf({}, { nowMs, pullSources })).html;
  const later = NOW_MS + 2 * 86_400_000;
  assert.match(rows(later, ['aws-cost-explorer']), /3\u00a0days ago <strong class="mark">stale/);
  assert.doesNotMatch(rows(NOW_MS, ['aws-cost-explorer']), /class="mark"/);
  assert.doesNotMatch(rows(later, []), /class="mark"/);
});

test('the newest decision of each group is shown, a withdrawn one as such', () => {
  const text = readable(renderPage(stateOf('ok')).html);
  assert.match(text, /capstack-staging-asg staging 4 \(2\u20136\) 2 \(1\u20133\) p5 is 51 days/);
  assert.match(text, /capstack-dev-asg dev 2 \(0\u20134\) withdrawn p5 is above 120 days again/);
  assert.match(readable(renderPage(stateOf('no_policy')).html), /No change of capacity is planned\./);
  assert.match(
    readable(renderPage(stateOf('held')).html),
    /decides nothing for now: the forecast is partial/,
  );
});

test('planned money is set against the end of cash', () => {
  const text = readable(renderPage(stateOf('ok')).html);
  assert.match(text, /14 days up to then: Insurance, a year \u2212\$32,500\.50 on 28 April 2027 , Payroll/);
  assert.match(
    text,
    /Second tranche , \+\$1,500,000\.00 and 80% likely, is expected on 1 May 2027 , 8 days before that/,
  );
  assert.match(text, /AWS Activate pays its last on 13 February 2027 ; from then \$1,100\.00 a day/);
});

test('plan items without a lane of their own are counted', () => {
  assert.match(readable(renderPage(stateOf('long_labels')).html), /7 more plan items are listed below/);
});

test('text from outside never becomes markup, whatever it is', () => {
  const count = (html: string): string => (html.match(/<[a-z][a-z0-9]*/g) ?? []).sort().join();
  const withText = (text: string): string => {
    const plan = [{ kind: 'scheduled', id: 'x', date: '2026-12-24', amount: '-1', label: text }];
    const runway = { tenant: text, trust: { partial: true, paused: false, reasons: [text] } };
    return renderPage(inputOf(runway, { plan })).html;
  };
  const expected = count(withText('harmless'));
  const units = fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '&',
    '/',
    '-->',
    ']]>',
    '<script>',
    '</svg>',
    '{',
    '\u0000',
    'a',
  );
  fc.assert(
    fc.property(fc.string({ unit: units, minLength: 1, maxLength: 60 }), (text) => {
      const html = withText(text);
      assert.equal(namesIn(html)[0], 'html');
      assert.equal(count(html), expected);
    }),
    { numRuns: 60 },
  );
  assert(!renderPage(stateOf('hostile')).html.includes(HOSTILE));
});

test('the documents that the forecast makes are pages, from the first day on', () => {
  const settings = settingsOf({ tenant: 'demo' });
  const around = { tenant: settings, nowMs: NOW_MS, plan: [], decisions: [] };
  const empty = JSON.parse(emptyRunway(settings, NOW_MS)) as RunwayDocument;
  assert.match(
    readable(renderPage({ ...inputOf(), ...around, runway: empty }).html),
    /no money event has been recorded/,
  );
  const view = {
    ...ledgerView({ months: [], plan: undefined, review: undefined }, [], USD, {
      settings,
      asOf: day('2026-01-01'),
      payouts: [],
      commitments: [],
    }),
    availableMinor: 1_000_000n,
    days: uneven.map((each) => ({ ...each, streams: each.streams ?? [], fundingMinor: 0n })),
    latest: { stripe: '2026-11-20T10:00:00.000Z' },
  };
  const runway = JSON.parse(
    runwayOf(settings, view, Date.parse('2026-01-01T12:00:00Z')).document,
  ) as RunwayDocument;
  const input = { ...inputOf(), ...around, nowMs: Date.parse('2026-01-01T12:00:00Z'), runway };
  const text = readable(renderPage(input).html);
  for (const figure of figuresOf(input)) assert(text.includes(figure), figure);
});
