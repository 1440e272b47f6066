import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { at, CANVASES, type Canvas, drawing, placedTicks } from './axis.ts';
import { dateAfter, daysOf, QUANTILES, type Quantile, type RunwayDocument } from './document.ts';
import { type Html, html } from './html.ts';
import { behind, table } from './table.ts';
import { dateText, numberText, percentText, shortDateText } from './words.ts';

type Share = readonly [day: number, probability: number];

/** The horizons that the document names, ascending. */
const sharesOf = ({ survival }: RunwayDocument): readonly (readonly [number, number | null])[] =>
  Object.entries(survival)
    .map(([day, share]): [number, number | null] => [Number(day), share])
    .sort(([a], [b]) => a - b);

const note = (share: number, { model, status }: RunwayDocument): string => {
  if (status === 'out_of_cash') return 'cash has run out';
  if (share === 1) return `all of ${numberText(model.paths)}`;
  if (share === 0) return `none of ${numberText(model.paths)}`;
  return 'of the futures';
};

const tile = (runway: RunwayDocument, day: number, share: number | null): Html => html`<li>
<h3><span class="n">${day}</span> days</h3>
<p class="figure"><span class="n">${share === null ? '\u2013' : percentText(share)}</span></p>
${
  share !== null &&
  html`<svg class="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="100" height="4" /><rect class="part" width="${at(share * 100)}" height="4" /></svg>`
}
<p class="aside">${share === null ? 'not known' : note(share, runway)}</p>
<p class="aside"><time datetime="${dateAfter(runway, day)}">${shortDateText(dateAfter(runway, day))}</time></p>
</li>`;

/** The share of futures that still have cash after each of the named spans. */
export const survivalTiles = (runway: RunwayDocument): Html =>
  html`<ol class="tiles">${sharesOf(runway).map(([day, share]) => tile(runway, day, share))}</ol>`;

const CROSSINGS: Readonly<Record<Quantile, number>> = { p5: 0.95, p50: 0.5, p95: 0.05 };

/** The days on which the share falls to 95, 50 and 5 of 100: points of the curve as well. */
const crossingsOf = (runway: RunwayDocument): readonly Share[] =>
  QUANTILES.flatMap((quantile) => {
    const days = daysOf(runway, quantile);
    return days === null ? [] : [[days, CROSSINGS[quantile]] as const];
  });

/** The shares that the document states, of its horizons and of its curve, by day. */
const statedShares = (runway: RunwayDocument): readonly Share[] => {
  const named = sharesOf(runway).filter((pair): pair is [number, number] => pair[1] !== null);
  return [...new Map([...(runway.survival_curve ?? []), ...named])].sort(([a], [b]) => a - b);
};

/** Every point that the curve is known to pass, from everybody alive today; it only ever falls. */
const knownPoints = (runway: RunwayDocument): readonly Share[] =>
  [...new Map([[0, 1], ...statedShares(runway)]), ...crossingsOf(runway)].sort(
    ([a, p], [b, q]) => a - b || q - p,
  );

interface Plot {
  readonly canvas: Canvas;
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: (day: number) => number;
  readonly y: (share: number) => number;
}

const plotOf = (canvas: Canvas, lastDay: number): Plot => {
  const left = canvas.fontSize * 3.7;
  const top = canvas.fontSize;
  const bottom = top + canvas.plotHeight * 0.8;
  const x = scaleLinear([0, lastDay], [left, canvas.width - 8]);
  const y = scaleLinear([0, 1], [bottom, top]);
  return { canvas, left, top, bottom, x, y };
};

const grid = ({ canvas, left, y }: Plot): Html =>
  html`<g class="grid">${[0, 0.25, 0.5, 0.75, 1].map(
    (share) => html`<line x1="${at(left)}" x2="${canvas.width}" y1="${at(y(share))}" y2="${at(y(share))}" />
<text x="${at(left - 6)}" y="${at(y(share) + canvas.fontSize * 0.33)}" text-anchor="end">${percentText(share)}</text>`,
  )}</g>`;

/** Between two known points the curve may run anywhere in the box they span. */
const boxes = ({ x, y }: Plot, points: readonly Share[], weight: 'edge' | 'median'): Html =>
  html`${points.slice(1).map(([day, share], index) => {
    const [before, above] = points[index] ?? [0, 1];
    const [left, width] = [x(before), x(day) - x(before)];
    return html`<rect class="band" x="${at(left)}" y="${at(y(above))}" width="${at(width)}" height="${at(Math.max(0, y(share) - y(above)))}" />`;
  })}<path class="${weight}" d="${line<Share>(
    ([day]) => x(day),
    ([, share]) => y(share),
  ).digits(1)(points)}" />`;

/** Above and to the right of a falling curve there is always room; at the very edge there is on the other side. */
const crossing = ({ x, y, canvas }: Plot, quantile: Quantile, days: number): Html => {
  const [cx, cy] = [x(days), y(CROSSINGS[quantile])];
  const outside = cx + canvas.fontSize * 2.6 > canvas.width;
  return html`<circle class="end ${quantile}" cx="${at(cx)}" cy="${at(cy)}" r="4" />
<text class="name" x="${at(cx + (outside ? -8 : 8))}" y="${at(cy + (outside ? canvas.fontSize : -6))}" text-anchor="${outside ? 'end' : 'start'}">${quantile}</text>`;
};

const axis = (plot: Plot, days: readonly number[]): Html => {
  const { canvas, bottom, x } = plot;
  const placed = placedTicks(
    days.map((day) => ({ day, text: numberText(day) })),
    x,
    canvas,
  );
  return html`<g class="axis">${days.map(
    (day) => html`<line x1="${at(x(day))}" x2="${at(x(day))}" y1="${at(bottom)}" y2="${at(bottom + 5)}" />`,
  )}${placed.map(
    ({ x: tickX, anchor, text }) =>
      html`<text x="${at(tickX)}" y="${at(bottom + 8 + canvas.fontSize)}" text-anchor="${anchor}">${text}</text>`,
  )}</g>`;
};

/** The chances without money that is not signed, up to a day; none where all money is signed. */
const unsignedShares = ({ without_unsigned: without }: RunwayDocument, lastDay: number): readonly Share[] =>
  (without?.survival_curve ?? []).filter(([day]) => day <= lastDay);

const dashed = ({ x, y }: Plot, shares: readonly Share[]): Html =>
  html`<path class="unsigned" d="${line<Share>(
    ([day]) => x(day),
    ([, share]) => y(share),
  ).digits(1)(shares)}" />`;

/** The first day known to have no future left, or else the last that anything is known of. */
const lastDayShown = (points: readonly Share[]): number => {
  const ended = points.filter(([, share]) => share === 0).map(([day]) => day);
  return Math.max(1, ended.length > 0 ? Math.min(...ended) : Math.max(...points.map(([day]) => day)));
};

const chart = (runway: RunwayDocument): Html => {
  const points = knownPoints(runway);
  const shares = sharesOf(runway);
  const lastDay = lastDayShown(points);
  const without = unsignedShares(runway, lastDay);
  const known = shares.filter((pair): pair is [number, number] => pair[1] !== null && pair[0] <= lastDay);
  const text = {
    id: 'survival',
    title: 'Share of the modelled futures that still have cash, by days from today',
    description: known.map(([day, share]) => `${percentText(share)} after ${day} days`).join(', '),
  };
  return html`${CANVASES.map((canvas) => {
    const plot = plotOf(canvas, lastDay);
    return drawing(
      canvas,
      plot.bottom + canvas.fontSize * 2.2,
      text,
      html`${grid(plot)}${boxes(
        plot,
        points.filter(([day]) => day <= lastDay),
        hasCurve(runway) ? 'median' : 'edge',
      )}
${without.length > 1 && dashed(plot, without)}
${axis(plot, [0, ...shares.map(([day]) => day).filter((day) => day <= lastDay)])}
${known.map(([day, share]) => html`<circle class="point" cx="${at(plot.x(day))}" cy="${at(plot.y(share))}" r="4" />`)}
${QUANTILES.map((quantile) => {
  const days = daysOf(runway, quantile);
  return days !== null && crossing(plot, quantile, days);
})}`,
    );
  })}`;
};

const rows = (runway: RunwayDocument): readonly (readonly string[])[] => {
  const { without_unsigned: without } = runway;
  const unsigned = new Map<number, number | null>([
    ...(without?.survival_curve ?? []),
    ...Object.entries(without?.survival ?? {}).map(([day, share]) => [Number(day), share] as const),
  ]);
  return statedShares(runway).map(([day, share]) => {
    const other = unsigned.get(day);
    return [
      numberText(day),
      dateText(dateAfter(runway, day)),
      percentText(share),
      ...(without == null ? [] : [other == null ? '\u2013' : percentText(other)]),
    ];
  });
};

const hasCurve = ({ survival_curve = [] }: RunwayDocument): boolean => survival_curve.length > 1;

/** The chances over time: what the document states, and in between what that leaves open. */
export const survivalCurve = (runway: RunwayDocument): Html => {
  const caption = hasCurve(runway)
    ? 'The line joins the days for which the forecast states the chance. Between two of them it only falls, within the shaded steps.'
    : 'The forecast states the chance at the dots. Between two of them it only falls, somewhere in the shaded box; the thin line just joins them.';
  return html`<figure>${chart(runway)}
<figcaption>${caption} ${runway.without_unsigned != null && 'The dashed line leaves out money that is not signed. '}Days count from ${dateText(runway.as_of)}.</figcaption></figure>
${behind(
  'The figures of this chart',
  table(
    'Share of the modelled futures that still have cash',
    [
      { title: 'Days', figures: true },
      { title: 'Date' },
      { title: 'Still have cash', figures: true },
      ...(runway.without_unsigned == null ? [] : [{ title: 'Without unsigned', figures: true }]),
    ],
    rows(runway),
  ),
)}`;
};

export const hasSurvival = (runway: RunwayDocument): boolean =>
  sharesOf(runway).some(([, share]) => share !== null);
