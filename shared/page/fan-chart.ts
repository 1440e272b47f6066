import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { type CivilDate, daysBetween } from '../time/civil-date.ts';
import { at, CANVASES, type Canvas, dateTicks, dayAxis, drawing } from './axis.ts';
import { dateAfter, daysOf, QUANTILES, type RunwayDocument } from './document.ts';
import { type Html, html } from './html.ts';
import { laneHeight, lanesDrawn, lanesOf } from './lanes.ts';
import type { Planned } from './planned.ts';
import { compactMoneyText, dateText, moneyText, textEms } from './words.ts';

/** A point of the band, in coordinates' units: drawn, never stated. */
interface Point {
  readonly day: number;
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
}

/** How far the plot goes: once nearly all futures have run out, nothing is left to see. */
const lastDayShown = (runway: RunwayDocument): number => {
  const p95 = daysOf(runway, 'p95');
  if (p95 === null) return runway.horizon_days;
  return Math.min(runway.horizon_days, Math.max(21, Math.ceil(p95 * 1.2) + 7));
};

const between = (a: Point, b: Point, day: number): Point => {
  const share = (day - a.day) / (b.day - a.day);
  const mixed = (from: number, to: number): number => from + share * (to - from);
  return { day, p5: mixed(a.p5, b.p5), p50: mixed(a.p50, b.p50), p95: mixed(a.p95, b.p95) };
};

/** The band up to the last day shown; it ends on that day, between two points if need be. */
const pointsOf = ({ cash_band = [], as_of }: RunwayDocument, lastDay: number): readonly Point[] => {
  const points: Point[] = [];
  for (const { date, p5, p50, p95 } of cash_band) {
    const day = daysBetween(as_of as CivilDate, date as CivilDate);
    const point = { day, p5: Number(p5), p50: Number(p50), p95: Number(p95) };
    const before = points.at(-1);
    if (day <= lastDay) points.push(point);
    else if (before !== undefined && before.day < lastDay) points.push(between(before, point, lastDay));
  }
  return points;
};

/** Below zero the size of the hole matters little: it gets at most this share of what is above. */
const BELOW_ZERO_SHARE = 0.22;

interface Extent {
  readonly low: number;
  readonly high: number;
  /** Whether part of the band lies below the plot. */
  readonly cut: boolean;
}

const extentOf = (points: readonly Point[]): Extent => {
  const high = 1.06 * Math.max(0, ...points.map(({ p95 }) => p95));
  const lowest = Math.min(0, ...points.map(({ p5 }) => p5));
  if (high === 0) return { low: lowest === 0 ? -1 : lowest, high: lowest === 0 ? 1 : 0, cut: false };
  const low = Math.max(lowest, -BELOW_ZERO_SHARE * high);
  return { low, high, cut: low > lowest };
};

/** Wide system fonts need this much more than the average one. */
const TICK_ROOM = 1.2;

interface Plot {
  readonly canvas: Canvas;
  readonly left: number;
  readonly top: number;
  readonly x: (day: number) => number;
  readonly y: (cash: number) => number;
  readonly ticks: readonly { readonly y: number; readonly text: string }[];
}

const plotOf = (runway: RunwayDocument, canvas: Canvas, extent: Extent, lastDay: number): Plot => {
  const top = canvas.fontSize * 1.8;
  const y = scaleLinear()
    .domain([extent.low, extent.high])
    .range([top + canvas.plotHeight, top]);
  const values = y.ticks(canvas.name === 'wide' ? 6 : 4);
  const texts = values.map((value) => compactMoneyText(value, runway.cash.currency));
  const ticks = values
    .map((value, index) => ({ y: y(value), text: texts[index] ?? '' }))
    .filter(({ text }, index) => texts.indexOf(text) === index);
  const left = Math.max(...texts.map(textEms), 2) * TICK_ROOM * canvas.fontSize + 6;
  const x = scaleLinear()
    .domain([0, lastDay])
    .range([left, canvas.width - 1]);
  return { canvas, left, top, x, y, ticks };
};

const grid = ({ ticks, left, canvas }: Plot): Html =>
  html`<g class="grid">${ticks.map(
    ({ y, text }) => html`<line x1="${at(left)}" x2="${canvas.width}" y1="${at(y)}" y2="${at(y)}" />
<text x="${at(left - 6)}" y="${at(y + canvas.fontSize * 0.33)}" text-anchor="end">${text}</text>`,
  )}</g>`;

const band = ({ x, y, left, top, canvas }: Plot, points: readonly Point[], id: string): Html => {
  const fill = area<Point>(
    ({ day }) => x(day),
    ({ p5 }) => y(p5),
    ({ p95 }) => y(p95),
  ).digits(1);
  const path = (value: (point: Point) => number): string | null =>
    line<Point>(
      ({ day }) => x(day),
      (point) => y(value(point)),
    ).digits(1)(points);
  return html`<clipPath id="${id}"><rect x="${at(left)}" y="${at(top)}" width="${at(canvas.width - left)}" height="${canvas.plotHeight}" /></clipPath>
<g clip-path="url(#${id})">
<rect class="below" x="${at(left)}" width="${at(canvas.width - left)}" y="${at(y(0))}" height="${at(Math.max(0, top + canvas.plotHeight - y(0)))}" />
<path class="band" d="${fill(points)}" />
<path class="edge" d="${path(({ p5 }) => p5)}" /><path class="edge" d="${path(({ p95 }) => p95)}" />
<path class="median" d="${path(({ p50 }) => p50)}" />
</g>
<line class="zero" x1="${at(left)}" x2="${canvas.width}" y1="${at(y(0))}" y2="${at(y(0))}" />`;
};

const ends = (runway: RunwayDocument, { x, y, canvas }: Plot): Html =>
  html`${QUANTILES.map((quantile) => {
    const days = daysOf(runway, quantile);
    const radius = canvas.name === 'wide' ? 5 : 4;
    return (
      days !== null &&
      html`<circle class="end ${quantile}" cx="${at(x(days))}" cy="${at(y(0))}" r="${radius}" />`
    );
  })}`;

const todayMark = ({ x, top, canvas }: Plot, today: string, day: number, lastDay: number): Html => {
  if (day < 0 || day > lastDay) return html``;
  const label = `today, ${dateText(today)}`;
  const anchor = x(day) + textEms(label) * canvas.fontSize > canvas.width ? 'end' : 'start';
  return html`<g class="today"><line x1="${at(x(day))}" x2="${at(x(day))}" y1="${at(top * 0.75)}" y2="${at(top + canvas.plotHeight)}" />
<text x="${at(x(day))}" y="${at(top * 0.6)}" text-anchor="${anchor}">${label}</text></g>`;
};

/** What the drawing shows, for who does not see it. */
const descriptionOf = (runway: RunwayDocument, { cut }: Extent, lastDay: number): string => {
  const { cash, as_of } = runway;
  const said = QUANTILES.flatMap((quantile) => {
    const days = daysOf(runway, quantile);
    return days === null ? [] : [`${quantile} reaches zero on ${dateText(dateAfter(runway, days))}`];
  });
  return [
    `From ${moneyText(cash.amount, cash.currency)} on ${dateText(as_of)} to ${dateText(dateAfter(runway, lastDay))}.`,
    said.length > 0
      ? `First days without cash: ${said.join(', ')}.`
      : 'Fewer than 5 of 100 futures run out in this time.',
    cut ? 'What lies far below zero is cut off.' : '',
  ].join(' ');
};

export interface FanChart {
  readonly drawings: Html;
  readonly lastDay: number;
  readonly cut: boolean;
  /** Plan items that found no lane. */
  readonly leftOut: number;
}

/** Cash to come as a band from p5 to p95 around the middle, above a lane for each plan item. Null without a band. */
export const fanChart = (
  runway: RunwayDocument,
  planned: readonly Planned[],
  today: CivilDate,
): FanChart | null => {
  const lastDay = lastDayShown(runway);
  const points = pointsOf(runway, lastDay);
  if (points.length < 2) return null;
  const extent = extentOf(points);
  const { lanes, leftOut } = lanesOf(runway, planned, lastDay);
  const draw = (canvas: Canvas): Html => {
    const plot = plotOf(runway, canvas, extent, lastDay);
    const bottom = plot.top + canvas.plotHeight;
    const lanesTop = bottom + canvas.fontSize * 2.4;
    const day = daysBetween(runway.as_of as CivilDate, today);
    const text = {
      id: 'fan',
      title: 'Cash to come, from the 5th to the 95th percentile of the modelled futures',
      description: descriptionOf(runway, extent, lastDay),
    };
    return drawing(
      canvas,
      lanesTop + lanes.length * laneHeight(canvas) + 4,
      text,
      html`${grid(plot)}${band(plot, points, `fan-clip-${canvas.name}`)}
${dayAxis(dateTicks(runway.as_of as CivilDate, lastDay, plot.x, canvas), plot.x, bottom, canvas)}
${lanesDrawn(lanes, { canvas, x: plot.x, left: plot.left, top: lanesTop, plotTop: plot.top, lastDay })}
${todayMark(plot, today, day, lastDay)}${ends(runway, plot)}`,
    );
  };
  return { drawings: html`${CANVASES.map(draw)}`, lastDay, cut: extent.cut, leftOut };
};
