import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CANVASES, dateTicks, placedTicks } from '../../../shared/page/axis.ts';
import { textEms } from '../../../shared/page/words.ts';
import { addDays, type CivilDate, fromEpochDay } from '../../../shared/time/civil-date.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec'.split(' ');

/** The date that a label means, its year taken from the last label that has one. */
const datesMeant = (texts: readonly string[]): readonly string[] => {
  let year = '';
  return texts.map((text) => {
    year = /\d{4}$/.exec(text)?.[0] ?? year;
    const month = MONTHS.findIndex((name) => text.includes(name)) + 1;
    const day = /^\d{1,2}(?= )/.exec(text)?.[0] ?? '1';
    return `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
  });
};

test('every label names its day, years included, and none touches another', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 40_000 }),
      fc.integer({ min: 7, max: 1825 }),
      fc.constantFrom(...CANVASES),
      (epochDay, lastDay, canvas) => {
        const asOf: CivilDate = fromEpochDay(epochDay);
        const xOf = (day: number): number => 60 + (day / lastDay) * (canvas.width - 61);
        const ticks = dateTicks(asOf, lastDay, xOf, canvas);
        assert(ticks.length > 0);
        assert.deepEqual(
          datesMeant(ticks.map(({ text }) => text)),
          ticks.map(({ day }) => addDays(asOf, day)),
        );
        let free = 0;
        for (const { x, anchor, text } of placedTicks(ticks, xOf, canvas)) {
          const width = textEms(text) * canvas.fontSize;
          const left = x - { start: 0, middle: width / 2, end: width }[anchor];
          assert(left >= free - 1e-9 && left + width <= canvas.width + 1e-9, text);
          free = left + width;
        }
      },
    ),
  );
});
