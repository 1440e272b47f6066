import { draw, type RandomStream, uniformOf } from '../../forecast/random.ts';

/** Two bits of a word tell whether a week starts a new block: one in four does, so blocks are of 28 days on average. */
const WEEKS_PER_WORD = 16;
/** Draws of places lie past those of the bits. */
const PLACES_FROM = 1024;

/**
 * Weeks of the past in the order of one future: the stationary bootstrap (Politis and Romano 1994) on whole weeks, so that
 * every day keeps its weekday. Blocks of geometric length start anywhere and wrap around; payroll, rent and seats recur within
 * one.
 * @param weeks of history to draw from
 * @param places receives for each coming week the week of history that it repeats
 */
export const drawWeeks = (noise: RandomStream, path: number, weeks: number, places: Int32Array): void => {
  let place = 0;
  let bits = 0;
  for (let week = 0; week < places.length; week += 1) {
    if (week % WEEKS_PER_WORD === 0) {
      draw(noise, path, week / WEEKS_PER_WORD);
      bits = noise.words[0] ?? 0;
    }
    place += 1;
    if (week === 0 || (bits & 3) === 0) {
      draw(noise, path, PLACES_FROM + week);
      place = Math.floor(uniformOf(noise.words[0] ?? 0) * weeks);
    }
    bits >>>= 2;
    if (place === weeks) place = 0;
    places[week] = place;
  }
};
