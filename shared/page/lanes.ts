/**
 * Below the plot every plan item has a lane of its own, its name above its marks: so no label can meet another one, however
 * many payments fall together.
 */
import { at, type Canvas } from './axis.ts';
import { dateAfter, daysOf, type RunwayDocument } from './document.ts';
import { type Html, html } from './html.ts';
import type { Planned } from './planned.ts';
import { fitted, isNegative, shortDateText, textEms } from './words.ts';

export interface Lane {
  readonly kind: Planned['kind'] | 'end';
  readonly label: string;
  readonly detail: string;
  /** Days on which something happens, none after the last day shown. */
  readonly days: readonly number[];
  /** A stretch of days; a last day of null is not in sight. */
  readonly span?: readonly [from: number, to: number | null];
  readonly outflow: boolean;
}

const LANES_MAX = 8;

const endLane = (runway: RunwayDocument): Lane | null => {
  const [p5, p50, p95] = [daysOf(runway, 'p5'), daysOf(runway, 'p50'), daysOf(runway, 'p95')];
  if (p5 === null) return null;
  const date = (days: number): string => shortDateText(dateAfter(runway, days));
  const middle = p50 === null ? `half after ${date(runway.horizon_days)}` : `half by ${date(p50)}`;
  return {
    kind: 'end',
    label: 'Cash runs out',
    detail: `5 in 100 by ${date(p5)}, ${middle}`,
    days: p50 === null ? [p5] : [p50],
    span: [p5, p95],
    outflow: true,
  };
};

const plannedLane = (item: Planned, lastDay: number): Lane | null => {
  const days = item.days.filter((day) => day <= lastDay);
  const [first = 0] = item.days;
  const base = { kind: item.kind, label: item.label, detail: item.detail, days };
  if (item.kind === 'credit') return { ...base, span: [0, first > lastDay ? null : first], outflow: true };
  if (days.length === 0) return null;
  const outflow = isNegative(item.amount);
  if (item.delayDays === 0) return { ...base, outflow };
  const arrival = first + item.delayDays;
  return { ...base, outflow, span: [first, arrival > lastDay ? null : arrival] };
};

/** The end of cash first, then the plan, soonest first; what finds no lane is in the table behind the chart. */
export const lanesOf = (
  runway: RunwayDocument,
  planned: readonly Planned[],
  lastDay: number,
): { readonly lanes: readonly Lane[]; readonly leftOut: number } => {
  const lanes = [endLane(runway), ...planned.map((item) => plannedLane(item, lastDay))].filter(
    (lane) => lane !== null,
  );
  return { lanes: lanes.slice(0, LANES_MAX), leftOut: Math.max(0, lanes.length - LANES_MAX) };
};

/** On a narrow drawing the detail has a line of its own. */
const linesOf = ({ name }: Canvas): number => (name === 'wide' ? 1 : 2);

export const laneHeight = (canvas: Canvas): number => canvas.fontSize * 1.3 * linesOf(canvas) + 24;

const marksYOf = (index: number, top: number, canvas: Canvas): number =>
  top + index * laneHeight(canvas) + canvas.fontSize * 1.3 * linesOf(canvas) + 8;

interface Frame {
  readonly canvas: Canvas;
  readonly x: (day: number) => number;
  readonly left: number;
  readonly top: number;
  readonly plotTop: number;
  readonly lastDay: number;
}

const triangle = (x: number, y: number, up: boolean): string =>
  up ? `M${at(x)},${at(y - 6)}l6,10h-12z` : `M${at(x)},${at(y + 6)}l6,-10h-12z`;

const mark = ({ kind, outflow }: Lane, x: number, y: number): Html => {
  if (kind === 'end') return html`<circle class="middle" cx="${at(x)}" cy="${at(y)}" r="5" />`;
  if (kind === 'recurring')
    return html`<line class="${outflow ? 'out' : 'in'}" x1="${at(x)}" x2="${at(x)}" y1="${at(y - 5)}" y2="${at(y + 5)}" />`;
  return html`<path class="${outflow ? 'out' : 'in'}" d="${triangle(x, y, !outflow)}" />`;
};

/** How much wider bold text is. */
const BOLD = 1.15;

const laneText = ({ label, detail }: Lane, y: number, canvas: Canvas): Html => {
  const ems = canvas.width / canvas.fontSize;
  const first = y + canvas.fontSize;
  const named = (text: string): Html => html`<tspan class="item">${text}</tspan>`;
  const title = html`<title>${label}: ${detail}</title>`;
  if (linesOf(canvas) === 1) {
    const name = fitted(label, ems * 0.42);
    return html`<text x="0" y="${at(first)}" unicode-bidi="isolate">${title}${named(name)}<tspan dx="10">${fitted(detail, ems - textEms(name) * BOLD - 1)}</tspan></text>`;
  }
  return html`<text y="${at(first)}" unicode-bidi="isolate">${title}${named(fitted(label, ems / BOLD))}</text>
<text y="${at(first + canvas.fontSize * 1.2)}" unicode-bidi="isolate">${fitted(detail, ems)}</text>`;
};

const laneDrawn = (lane: Lane, index: number, { canvas, x, left, top, lastDay }: Frame): Html => {
  const y = top + index * laneHeight(canvas);
  const marksY = marksYOf(index, top, canvas);
  const [from = 0, to = null] = lane.span ?? [];
  return html`<g class="lane lane-${lane.kind}">
${laneText(lane, y, canvas)}
<line class="rail" x1="${at(left)}" x2="${canvas.width}" y1="${at(marksY)}" y2="${at(marksY)}" />
${lane.span && html`<line class="span" x1="${at(x(from))}" x2="${at(x(to ?? lastDay))}" y1="${at(marksY)}" y2="${at(marksY)}" />`}
${lane.days.map((day) => mark(lane, x(day), marksY))}
</g>`;
};

/** Lines from one-off money up into the plot, behind all text. */
const guide = (lane: Lane, index: number, { canvas, x, top, plotTop }: Frame): Html =>
  html`${
    (lane.kind === 'scheduled' || lane.kind === 'tranche') &&
    lane.days.map(
      (day) =>
        html`<line class="guide" x1="${at(x(day))}" x2="${at(x(day))}" y1="${at(plotTop)}" y2="${at(marksYOf(index, top, canvas))}" />`,
    )
  }`;

/** Lanes with their marks. */
export const lanesDrawn = (lanes: readonly Lane[], frame: Frame): Html =>
  html`${lanes.map((lane, index) => guide(lane, index, frame))}${lanes.map((lane, index) => laneDrawn(lane, index, frame))}`;
