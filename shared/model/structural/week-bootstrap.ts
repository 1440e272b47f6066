import { draw, type RandomStream, uniformOf } from '../../forecast/random.ts';

/** One week in four starts a new block: blocks of 28 days on average, so that payroll, rent and seats recur within them. */
const NEW_BLOCK = 0.25;

/**
 * Weeks of the past in the order of one future: the stationary bootstrap (Politis and Romano 1994) on whole weeks, so that
 * every day keeps its weekday. Blocks of geometric length start anywhere and wrap around.
 * @param weeks of history to draw from
 * @param places receives for each coming week the week of history that it repeats
 */
export const drawWeeks = (noise: RandomStream, path: number, weeks: number, places: Int32Array): void => {
  let place = 0;
  for (let week = 0; week < places.length; week += 1) {
    draw(noise, path, week);
    const isNew = week === 0 || uniformOf(noise.words[0] ?? 0) < NEW_BLOCK;
    place = isNew ? Math.floor(uniformOf(noise.words[1] ?? 0) * weeks) : place + 1;
    if (place === weeks) place = 0;
    places[week] = place;
  }
};
