import { scaleUtc } from 'd3-scale';
import { type CivilDate, daysBetween, epochDay, fromEpochDay } from '../time/civil-date.ts';
import { type Html, html } from './html.ts';
import { textEms } from './words.ts';

/** One drawing of a chart: each chart is drawn once for a wide and once for a narrow screen, so that its text stays legible. */
export interface Canvas {
  readonly name: 'wide' | 'narrow';
  readonly width: number;
  readonly plotHeight: number;
  /** The largest size that the style sheet gives the text of this drawing, in its own units. */
  readonly fontSize: number;
  readonly dateTicks: number;
}

export const CANVASES: readonly Canvas[] = [
  { name: 'wide', width: 960, plotHeight: 330, fontSize: 16, dateTicks: 8 },
  { name: 'narrow', width: 360, plotHeight: 240, fontSize: 12.5, dateTicks: 5 },
];

const MS_PER_DAY = 86_400_000;
const monthFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'short' });
const dayFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });

interface Tick {
  readonly day: number;
  readonly text: string;
}

/** Names of round dates; the year stands where it begins, and on the first of them. */
const named = (dates: readonly CivilDate[], asOf: CivilDate): readonly Tick[] => {
  const format = dates.every((date) => date.endsWith('-01')) ? monthFormat : dayFormat;
  return dates.map((date, index) => {
    const year = date.slice(0, 4);
    const name = format.format(Date.parse(date));
    const sameYear = dates[index - 1]?.startsWith(year) === true;
    return { day: daysBetween(asOf, date), text: sameYear ? name : `${name} ${year}` };
  });
};

/** Round dates between day 0 and the last one: as many as have room side by side, evenly. */
export const dateTicks = (
  asOf: CivilDate,
  lastDay: number,
  xOf: (day: number) => number,
  canvas: Canvas,
): readonly Tick[] => {
  const from = epochDay(asOf) * MS_PER_DAY;
  const dates = scaleUtc()
    .domain([from, from + lastDay * MS_PER_DAY])
    .ticks(canvas.dateTicks)
    .map((date) => fromEpochDay(Math.floor(date.getTime() / MS_PER_DAY)))
    .filter((date, index, all) => date !== all[index - 1]);
  for (let step = 1; step < dates.length; step += 1) {
    const ticks = named(
      dates.filter((_, index) => index % step === 0),
      asOf,
    );
    if (placedTicks(ticks, xOf, canvas).length === ticks.length) return ticks;
  }
  return named(dates.slice(0, 1), asOf);
};

interface Placed extends Tick {
  readonly x: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Leaves out the labels that would touch their left neighbour, and keeps those at the edges inside. */
export const placedTicks = (
  ticks: readonly Tick[],
  xOf: (day: number) => number,
  canvas: Canvas,
): readonly Placed[] => {
  const placed: Placed[] = [];
  let free = 0;
  for (const tick of ticks) {
    const x = xOf(tick.day);
    const width = textEms(tick.text) * canvas.fontSize;
    const anchor = x - width / 2 < 0 ? 'start' : x + width / 2 > canvas.width ? 'end' : 'middle';
    const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
    if (left < free) continue;
    placed.push({ ...tick, x, anchor });
    free = left + width + canvas.fontSize * 0.6;
  }
  return placed;
};

/** Coordinates to a tenth: finer than any screen. */
export const at = (coordinate: number): number => Math.round(coordinate * 10) / 10;

/** The axis of days below a plot. */
export const dayAxis = (
  ticks: readonly Tick[],
  xOf: (day: number) => number,
  y: number,
  canvas: Canvas,
): Html =>
  html`<g class="axis">${ticks.map(
    ({ day }) => html`<line x1="${at(xOf(day))}" x2="${at(xOf(day))}" y1="${at(y)}" y2="${at(y + 5)}" />`,
  )}${placedTicks(ticks, xOf, canvas).map(
    ({ x, anchor, text }) =>
      html`<text x="${at(x)}" y="${at(y + 8 + canvas.fontSize)}" text-anchor="${anchor}">${text}</text>`,
  )}</g>`;

/** The drawing with its name and description; `id` is the chart's, the canvas makes it unique. */
export const drawing = (
  canvas: Canvas,
  height: number,
  { id, title, description }: { readonly id: string; readonly title: string; readonly description: string },
  content: Html,
): Html => {
  const name = `${id}-${canvas.name}`;
  return html`<svg class="${canvas.name}" viewBox="0 0 ${canvas.width} ${at(height)}" role="img" aria-labelledby="${name}-title ${name}-desc">
<title id="${name}-title">${title}</title>
<desc id="${name}-desc">${description}</desc>
${content}
</svg>`;
};
