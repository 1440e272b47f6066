import type { AttributionBody, MovedBody } from '../explain/body.ts';
import { QUANTILES, type Quantile } from './document.ts';
import { type Html, html } from './html.ts';
import { table } from './table.ts';
import { dateText, numberText, percentText } from './words.ts';

/** Why the runway is another than on an earlier day. */
export interface MovedPeriod {
  readonly from: { readonly as_of: string; readonly basis: string };
  readonly moved: MovedBody['moved'];
}

type Unit = AttributionBody['unit'];

const NAMES: Readonly<Record<AttributionBody['drivers'][number]['driver'], string>> = {
  model: 'Another model',
  time: 'Time going by',
  balance: 'Cash against what was expected',
  rates: 'Exchange rates',
  level: 'The pattern of the ledger',
  schedule: 'Planned payments',
  tranche: 'Tranches',
  credit: 'Cloud credits',
  calibration: 'Calibration',
  settings: 'Settings',
};

const level = (value: number | null, unit: Unit): string => {
  if (value === null) return 'none';
  return unit === 'days' ? numberText(value) : percentText(value);
};

/** With a sign, as a change has; chances in percentage points. */
const change = (value: number, unit: Unit): string => {
  const size = Math.abs(value);
  const text = unit === 'days' ? numberText(size) : percentText(size).replace('%', ' pp');
  if (value === 0) return text;
  return value > 0 ? `+${text}` : `\u2212${text}`;
};

const effectOf = ({ drivers, unit }: AttributionBody, driver: string): string => {
  const found = drivers.find((each) => each.driver === driver);
  return found === undefined ? '\u2013' : change(found.effect, unit);
};

const says = (moved: MovedBody['moved'], driver: string): string =>
  QUANTILES.flatMap((quantile) => moved[quantile].drivers).find((each) => each.driver === driver)?.says ?? '';

const rowOf = (
  title: Html | string,
  cell: (attribution: AttributionBody) => string,
  moved: MovedBody['moved'],
) => [title, ...QUANTILES.map((quantile: Quantile) => cell(moved[quantile]))];

const period = ({ from, moved }: MovedPeriod): Html => {
  const drivers = [
    ...new Set(
      (['p50', 'p5', 'p95'] as const).flatMap((quantile) =>
        moved[quantile].drivers.map(({ driver }) => driver),
      ),
    ),
  ];
  const notes = [
    ...(from.basis === 'reconstructed'
      ? ['no forecast of that day is kept, so it was made again from what the ledger says of it now']
      : []),
    ...new Set(QUANTILES.flatMap((quantile) => moved[quantile].note ?? [])),
  ];
  return html`${table(
    html`Since ${dateText(from.as_of)}, in days of runway`,
    [{ title: 'What' }, ...QUANTILES.map((title) => ({ title, figures: true }))],
    [
      rowOf('Then', (each) => level(each.from, each.unit), moved),
      ...drivers.map((driver) =>
        rowOf(
          html`${NAMES[driver]} <small><bdi>${says(moved, driver)}</bdi></small>`,
          (each) => effectOf(each, driver),
          moved,
        ),
      ),
      rowOf(html`<strong>Now</strong>`, (each) => level(each.to, each.unit), moved),
    ],
  )}${notes.map((note) => html`<p class="aside">${note.slice(0, 1).toUpperCase()}${note.slice(1)}.</p>`)}`;
};

/** What moved the number since earlier days: effects that sum to the difference. */
export const movedSince = (periods: readonly MovedPeriod[]): Html => html`${periods.map(period)}`;
