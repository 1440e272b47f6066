/** Distribution functions that the engine needs at a few hundred points, not per path. */
import { exp, ln, lnGamma } from './elementary.ts';

/** Above this shape the gamma is its Wilson-Hilferty normal to better than 1e-5 in probability. */
const NORMAL_SHAPE_MIN = 10_000;

/** Lower tail as a power series; converges fast for x < shape + 1. */
const lowerSeries = (shape: number, x: number): number => {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > sum * 1e-17; n += 1) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum / shape;
};

/** Upper tail as a continued fraction (modified Lentz); converges fast for x >= shape + 1. */
const upperFraction = (shape: number, x: number): number => {
  let b = x + 1 - shape;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 5000; n += 1) {
    const a = -n * (n - shape);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return fraction;
};

/** P(G <= x) for a gamma of this shape and scale 1. @param shape from 1e-12 to 1e12 */
export const gammaCdf = (shape: number, x: number): number => {
  if (x <= 0) return 0;
  if (x === Infinity) return 1;
  if (shape > NORMAL_SHAPE_MIN) {
    const cubeRoot = exp(ln(x / shape) / 3);
    return normalCdf((cubeRoot - 1 + 1 / (9 * shape)) * 3 * Math.sqrt(shape));
  }
  const scale = exp(shape * ln(x) - x - lnGamma(shape));
  return x < shape + 1 ? Math.min(1, scale * lowerSeries(shape, x)) : 1 - scale * upperFraction(shape, x);
};

/** P(Z <= z) for a standard normal. */
export const normalCdf = (z: number): number => {
  if (Math.abs(z) > 9) return z < 0 ? 0 : 1;
  const inner = gammaCdf(0.5, (z * z) / 2);
  return z < 0 ? (1 - inner) / 2 : (1 + inner) / 2;
};
