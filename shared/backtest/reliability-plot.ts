import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { Scored } from './run.ts';

const SIZE = 420;
const MARGIN = 56;
const COLOURS = ['#1b6ca8', '#c2571a', '#4b7f3a', '#7a4b9a'];
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Share of outcomes that fell at or below each stated probability, from 0 to 1 in twentieths. */
export const reliability = (pits: readonly number[]): readonly (readonly [stated: number, seen: number])[] =>
  Array.from({ length: 21 }, (_, k) => {
    const stated = k / 20;
    return [stated, pits.filter((pit) => pit <= stated).length / Math.max(1, pits.length)] as const;
  });

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** An SVG of stated against observed shares for each method with probabilities; the diagonal is perfect. */
export const reliabilityPlot = (scored: readonly Scored[]): string => {
  const x = scaleLinear([0, 1], [MARGIN, SIZE - 16]);
  const y = scaleLinear([0, 1], [SIZE - MARGIN, 16]);
  const path = line<readonly [number, number]>(
    ([stated]) => x(stated),
    ([, seen]) => y(seen),
  ).digits(2);
  const methods = [...new Set(scored.map(({ method }) => method))].filter(({ isPoint }) => !isPoint);
  const curves = methods.map((method, k) => {
    const pits = scored.filter((score) => score.method === method).map(({ pit }) => pit);
    const colour = COLOURS[k % COLOURS.length];
    return `<path d="${path(reliability(pits))}" fill="none" stroke="${colour}" stroke-width="2"/>
<text x="${x(0.04)}" y="${y(0.96) + 18 * k}" fill="${colour}">${escaped(method.name)}, ${pits.length} forecasts</text>`;
  });
  const ticks = TICKS.map(
    (tick) => `<text x="${x(tick)}" y="${SIZE - MARGIN + 18}" text-anchor="middle">${tick * 100} %</text>
<text x="${MARGIN - 6}" y="${y(tick) + 4}" text-anchor="end">${tick * 100} %</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" role="img" font-family="sans-serif" font-size="12">
<title>Reliability: stated probability of having run out, and how often it had</title>
<rect width="${SIZE}" height="${SIZE}" fill="#fff"/>
<path d="${path([
    [0, 0],
    [1, 1],
  ])}" stroke="#999" stroke-dasharray="4 4"/>
${[...ticks, ...curves].join('\n')}
<text x="${x(0.5)}" y="${SIZE - 12}" text-anchor="middle">stated probability</text>
<text x="14" y="${y(0.5)}" text-anchor="middle" transform="rotate(-90 14 ${y(0.5)})">outcomes at or below it</text>
</svg>
`;
};
