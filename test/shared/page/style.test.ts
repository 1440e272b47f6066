import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STYLE } from '../../../shared/page/style.ts';

type Theme = Readonly<Record<string, string>>;

const variables = (block: string): Theme =>
  Object.fromEntries(
    [...block.matchAll(/--([a-z-]+):(#[0-9a-f]{6})/g)].map(([, name = '', colour = '']) => [name, colour]),
  );

const [lightBlock = '', darkBlock = ''] = [...STYLE.matchAll(/:root\{([^}]*)\}/g)].map(
  ([, block = '']) => block,
);
const THEMES: Readonly<Record<string, Theme>> = { light: variables(lightBlock), dark: variables(darkBlock) };

/** WCAG 2.2: relative luminance and contrast ratio. */
const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((index) => Number.parseInt(colour.slice(index, index + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (a: string, b: string): number => {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
};

/** What is read, on what it stands on. */
const TEXT: readonly (readonly [string, string])[] = [
  ...['ink', 'soft', 'line', 'link', 'warn', 'grave'].map((name) => [name, 'paper'] as const),
  ...['ink', 'soft'].map((name) => [name, 'card'] as const),
  ['ink', 'warn-tint'],
  ['warn', 'warn-tint'],
  ['link', 'warn-tint'],
  ['ink', 'grave-tint'],
  ['grave', 'grave-tint'],
  ['link', 'grave-tint'],
];

/** What is seen, on what it is drawn on; the fills beneath carry nothing that their edges do not. */
const GRAPHICS: readonly (readonly [string, string])[] = [
  ...['line', 'edge', 'out', 'in', 'soft', 'ink'].map((name) => [name, 'paper'] as const),
  ['line', 'band'],
  ['line', 'below'],
  ['edge', 'below'],
  ['out', 'below'],
  ['ink', 'below'],
  ['line', 'rule'],
  ...['out', 'line', 'edge'].map((name) => [name, 'card'] as const),
];

const assertContrast = (theme: Theme, pairs: readonly (readonly [string, string])[], least: number): void => {
  for (const [front, back] of pairs) {
    const ratio = contrast(theme[front] ?? '', theme[back] ?? '');
    assert(ratio >= least, `${front} on ${back}: ${ratio.toFixed(2)}`);
  }
};

test('the measure knows the extremes', () => {
  assert.equal(contrast('#000000', '#ffffff').toFixed(2), '21.00');
  assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
});

for (const [name, theme] of Object.entries(THEMES)) {
  test(`text is legible in the ${name} theme`, () => assertContrast(theme, TEXT, 4.5));
  test(`graphics are visible in the ${name} theme`, () => assertContrast(theme, GRAPHICS, 3));
}

test('both themes set the same variables, and every one used is set', () => {
  assert.deepEqual(Object.keys(THEMES['light'] ?? {}).sort(), Object.keys(THEMES['dark'] ?? {}).sort());
  for (const [, name = ''] of STYLE.matchAll(/var\(--([a-z-]+)\)/g))
    assert(name in (THEMES['dark'] ?? {}), name);
});

test('the print style is light', () => {
  const print = /@media print\{:root\{([^}]*)\}\}/.exec(STYLE)?.[1] ?? '';
  assert.deepEqual(variables(print), THEMES['light']);
});
