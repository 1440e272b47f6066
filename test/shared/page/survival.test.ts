import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RunwayDocument } from '../../../shared/page/document.ts';
import { survivalCurve, survivalTiles } from '../../../shared/page/survival.ts';
import { inputOf } from './documents.ts';

const HORIZON = 400;
const HORIZONS = [30, 60, 90, 180, 365];

/** What the forecast says of these futures, by the definitions of the share and of a type 1 quantile. */
const documentOf = (runways: readonly number[]): RunwayDocument => {
  const sorted = runways.toSorted((a, b) => a - b);
  const alive = (day: number): number => runways.filter((runway) => runway > day).length / runways.length;
  const quantile = (q: number): number | null => {
    const days = sorted[Math.max(1, Math.ceil(q * sorted.length - 1e-9)) - 1] ?? 0;
    return days > HORIZON ? null : days;
  };
  const survival = Object.fromEntries(HORIZONS.map((day) => [day, alive(day)]));
  const days = { p5_days: quantile(0.05), p50_days: quantile(0.5), p95_days: quantile(0.95) };
  return inputOf({ ...days, survival, horizon_days: HORIZON }).runway;
};

const weeksOf = (runways: readonly number[]): readonly (readonly [number, number])[] =>
  Array.from({ length: 58 }, (_, week) => [
    week * 7,
    runways.filter((runway) => runway > week * 7).length / runways.length,
  ]);

const numbers = (markup: string, name: string): readonly number[] =>
  [...markup.matchAll(new RegExp(` ${name}="([-0-9.]+)"`, 'g'))].map(([, value]) => Number(value));

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The wide drawing's boxes, in days and shares: its grid and axis tell the scales. */
const boxesOf = (markup: string): readonly Box[] => {
  const wide = /<svg class="wide"[\s\S]*?<\/svg>/.exec(markup)?.[0] ?? '';
  const axis = /<g class="axis">([\s\S]*?)<\/g>/.exec(wide)?.[1] ?? '';
  const gridYs = numbers(/<g class="grid">([\s\S]*?)<\/g>/.exec(wide)?.[1] ?? '', 'y1');
  const [x0 = 0, x30 = 0] = numbers(axis, 'x1');
  const [zeroY = 0, oneY = 0] = [Math.max(...gridYs), Math.min(...gridYs)];
  const day = (x: number): number => ((x - x0) / (x30 - x0)) * 30;
  const share = (y: number): number => (zeroY - y) / (zeroY - oneY);
  return [...wide.matchAll(/<rect class="band"[^>]*>/g)].map(([rect]) => {
    const [x = 0] = numbers(rect, 'x');
    const [y = 0] = numbers(rect, 'y');
    const [width = 0] = numbers(rect, 'width');
    const [height = 0] = numbers(rect, 'height');
    return { left: day(x), right: day(x + width), top: share(y), bottom: share(y + height) };
  });
};

test('whatever the futures are, their curve runs through the shaded boxes', () => {
  const few = fc.array(fc.integer({ min: 1, max: HORIZON + 60 }), { minLength: 20, maxLength: 60 });
  fc.assert(
    fc.property(few, fc.boolean(), (runways, weekly) => {
      const document = documentOf(runways);
      const curved = weekly ? { ...document, survival_curve: weeksOf(runways) } : document;
      const boxes = boxesOf(survivalCurve(curved).markup);
      const end = Math.max(...boxes.map(({ right }) => right));
      assert(boxes.length > 0);
      for (let day = 0; day < Math.floor(end); day += 1) {
        const share = runways.filter((runway) => runway > day).length / runways.length;
        const inside = boxes.some(
          ({ left, right, top, bottom }) =>
            left - 0.3 <= day && day <= right + 0.3 && bottom - 0.01 <= share && share <= top + 0.01,
        );
        assert(inside, `${share} on day ${day}`);
      }
    }),
  );
});

test('a curve by the week narrows the boxes, and its figures are in the table', () => {
  const weekly = (day: number): readonly [number, number] => [day, Math.max(0, 1 - day / HORIZON)];
  const survival_curve = Array.from({ length: 58 }, (_, week) => weekly(week * 7));
  const { runway } = inputOf({
    survival_curve,
    survival: Object.fromEntries(HORIZONS.map(weekly)),
    p5_days: 20,
    p50_days: 200,
    p95_days: 380,
  });
  const { markup } = survivalCurve(runway);
  const boxes = boxesOf(markup);
  assert(boxes.length > 58);
  for (const { left, right } of boxes) assert(right - left < 7.5);
  assert.match(markup, /><span>203<\/span><\/td>[\s\S]{0,200}><span>49\.25%<\/span>/);
});

test('a horizon that is not known is said to be so', () => {
  const { runway } = inputOf({ survival: { 30: 1, 60: null } });
  assert.match(survivalTiles(runway).markup, /60<\/span> days[\s\S]*not known/);
});
