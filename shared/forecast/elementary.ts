/**
 * Logarithm, exponential, cosine and log-gamma out of + - * / alone, which IEEE 754 rounds alike everywhere.
 * `Math.log` and its kin may differ in the last bit between machines, and one bit can move a path across the line.
 * Accurate to about 1e-15, relative. They fill tables; the loop over paths never calls them in bulk.
 */
const HALF_LN_2_PI = 0.9189385332046727;

/** Natural logarithm. @param x positive and finite */
export const ln = (x: number): number => {
  let mantissa = x;
  let exponent = 0;
  for (; mantissa > Math.SQRT2; exponent += 1) mantissa /= 2;
  for (; mantissa < Math.SQRT2 / 2; exponent -= 1) mantissa *= 2;
  const s = (mantissa - 1) / (mantissa + 1);
  let power = s;
  let sum = 0;
  for (let k = 1; k < 27; k += 2) {
    sum += power / k;
    power *= s * s;
  }
  return 2 * sum + exponent * Math.LN2;
};

/** exp(x) - 1, to the last few bits near 0 as well. */
export const expm1 = (x: number): number => {
  if (x < -745) return -1;
  if (x > 710) return Infinity;
  const halvings = Math.round(x / Math.LN2);
  const rest = x - halvings * Math.LN2;
  let term = 1;
  let sum = 0;
  for (let k = 1; k < 20; k += 1) {
    term *= rest / k;
    sum += term;
  }
  if (halvings === 0) return sum;
  let result = sum + 1;
  for (let k = 0; k < halvings; k += 1) result *= 2;
  for (let k = 0; k > halvings; k -= 1) result /= 2;
  return result - 1;
};

export const exp = (x: number): number => (x < 0 ? 1 / (expm1(-x) + 1) : expm1(x) + 1);

/** Cosine of a whole turn times `turns`, for -1 <= turns <= 1. */
export const cosineOfTurns = (turns: number): number => {
  const x = 2 * Math.PI * (turns - Math.round(turns));
  let term = 1;
  let sum = 1;
  for (let k = 1; k < 32; k += 2) {
    term *= (-x * x) / (k * (k + 1));
    sum += term;
  }
  return sum;
};

/** Logarithm of the gamma function of a positive number: Stirling's series after shifting the argument above 16. */
export const lnGamma = (x: number): number => {
  let shifted = x;
  let product = 1;
  for (; shifted < 16; shifted += 1) product *= shifted;
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  const series =
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return (shifted - 0.5) * ln(shifted) - shifted + HALF_LN_2_PI + series - ln(product);
};
