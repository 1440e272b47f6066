import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { type CivilDate, daysBetween } from '../time/civil-date.ts';
import { at, CANVASES, type Canvas, dateTicks, dayAxis, drawing } from './axis.ts';
import { QUANTILES, type Quantile, type ToldDay } from './document.ts';
import { type Html, html } from './html.ts';
import { behind, table } from './table.ts';
import { countText, dateText, numberText, textEms } from './words.ts';

interface Point {
  /** Days since the first one shown. */
  readonly day: number;
  /** Null where the forecast had no number. */
  readonly days: Readonly<Record<Quantile, number | null>>;
}

const daysTold = ({ p5_days, p50_days, p95_days }: ToldDay): Point['days'] => ({
  p5: p5_days,
  p50: p50_days,
  p95: p95_days,
});

const pointsOf = (told: readonly ToldDay[], first: CivilDate): readonly Point[] =>
  told.map((day) => ({ day: daysBetween(first, day.as_of as CivilDate), days: daysTold(day) }));

interface Plot {
  readonly canvas: Canvas;
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: (day: number) => number;
  readonly y: (days: number) => number;
  readonly ticks: readonly number[];
}

const plotOf = (canvas: Canvas, points: readonly Point[], lastDay: number): Plot => {
  const most = Math.max(1, ...points.flatMap(({ days }) => QUANTILES.map((quantile) => days[quantile] ?? 0)));
  const top = canvas.fontSize;
  const bottom = top + canvas.plotHeight * 0.6;
  const y = scaleLinear([0, most * 1.05], [bottom, top]);
  const ticks = y.ticks(4);
  const left = Math.max(...ticks.map((tick) => textEms(numberText(tick))), 2) * canvas.fontSize * 1.2 + 6;
  return { canvas, left, top, bottom, x: scaleLinear([0, lastDay], [left, canvas.width - 8]), y, ticks };
};

const grid = ({ canvas, left, y, ticks }: Plot): Html =>
  html`<g class="grid">${ticks.map(
    (tick) => html`<line x1="${at(left)}" x2="${canvas.width}" y1="${at(y(tick))}" y2="${at(y(tick))}" />
<text x="${at(left - 6)}" y="${at(y(tick) + canvas.fontSize * 0.33)}" text-anchor="end">${numberText(tick)}</text>`,
  )}</g>`;

/** Days without a number, or without a forecast, leave a gap. */
const curves = ({ x, y }: Plot, points: readonly Point[]): Html => {
  const known = (point: Point, ...wanted: readonly Quantile[]): boolean =>
    wanted.every((quantile) => point.days[quantile] !== null);
  const fill = area<Point>(
    ({ day }) => x(day),
    ({ days }) => y(days.p5 ?? 0),
    ({ days }) => y(days.p95 ?? 0),
  )
    .defined((point) => known(point, 'p5', 'p95'))
    .digits(1)(points);
  const path = (quantile: Quantile): string | null =>
    line<Point>(
      ({ day }) => x(day),
      ({ days }) => y(days[quantile] ?? 0),
    )
      .defined((point) => known(point, quantile))
      .digits(1)(points);
  return html`<path class="band" d="${fill}" /><path class="edge" d="${path('p5')}" /><path class="edge" d="${path('p95')}" />
<path class="median" d="${path('p50')}" />`;
};

const said = (day: ToldDay, quantile: Quantile): string => {
  const days = daysTold(day)[quantile];
  if (days !== null) return numberText(days);
  return day.censored[quantile] ? 'beyond the horizon' : 'no number';
};

const chart = (told: readonly ToldDay[], first: ToldDay, last: ToldDay): Html => {
  const asOf = first.as_of as CivilDate;
  const points = pointsOf(told, asOf);
  const lastDay = daysBetween(asOf, last.as_of as CivilDate);
  const text = {
    id: 'told',
    title: 'Days of runway as they were told, from the 5th to the 95th percentile',
    description: `p50 on ${dateText(first.as_of)}: ${said(first, 'p50')}; on ${dateText(last.as_of)}: ${said(last, 'p50')}.`,
  };
  return html`${CANVASES.map((canvas) => {
    const plot = plotOf(canvas, points, lastDay);
    return drawing(
      canvas,
      plot.bottom + canvas.fontSize * 2.2,
      text,
      html`${grid(plot)}${curves(plot, points)}
${dayAxis(dateTicks(asOf, lastDay, plot.x, canvas), plot.x, plot.bottom, canvas)}`,
    );
  })}`;
};

/** What the runway was said to be on each day, to be held against what came; null where there are not two days yet. */
export const toldSoFar = (told: readonly ToldDay[]): Html | null => {
  const [first, last] = [told[0], told.at(-1)];
  if (first === undefined || last === undefined || told.length < 2) return null;
  return html`<figure>${chart(told, first, last)}
<figcaption>Days of runway as each of the last ${countText(told.length, 'day')} ended: the line is p50, the band goes from p5 to p95. With nothing new a runway falls by one day a day.</figcaption></figure>
${behind(
  'The figures of this chart',
  table(
    'Days of runway, by the day they were told',
    [{ title: 'Told on' }, ...QUANTILES.map((title) => ({ title, figures: true }))],
    told
      .toReversed()
      .map((day) => [dateText(day.as_of), ...QUANTILES.map((quantile) => said(day, quantile))]),
  ),
)}`;
};
