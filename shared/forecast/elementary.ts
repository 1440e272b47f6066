/**
 * Logarithm, exponential, cosine and log-gamma out of + - * / alone, which IEEE 754 rounds alike everywhere.
 * `Math.log` and its kin may differ in the last bit between machines, and one bit can move a path across the line.
 * Accurate to about 1e-15, relative; `ln` and `exp` take some 10 ns each.
 */
const HALF_LN_2_PI = 0.9189385332046727;

/** The logarithm of 2 in two parts, of which the first has zeros to spare: its product with a whole number is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** The bits of a float. */
const bits = new DataView(new ArrayBuffer(8));
const MANTISSA = 0xf_ffff;
const EXPONENT_OF_ONE = 0x3ff0_0000;

/** Natural logarithm. @param x positive and finite */
export const ln = (x: number): number => {
  if (x < 2.3e-308) return ln(x * 0x40_0000_0000_0000) - 54 * Math.LN2;
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  bits.setUint32(0, (high & MANTISSA) | EXPONENT_OF_ONE);
  let mantissa = bits.getFloat64(0);
  let exponent = (high >>> 20) - 1023;
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  // 2 artanh(s) as a series: s^2 is below 0.03.
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s;
  const tail =
    1 / 9 + z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17 + z * (1 / 19 + z * (1 / 21))))));
  const series = s * z * (1 / 3 + z * (1 / 5 + z * (1 / 7 + z * tail)));
  return 2 * s + (2 * series + exponent * LN2_LOW) + exponent * LN2_HIGH;
};

/** Element k + 1075: 2 to the power k, by doubling. */
const powersOfTwo = new Float64Array(2100);
for (let k = 1, power = Number.MIN_VALUE; k < powersOfTwo.length; k += 1, power *= 2) powersOfTwo[k] = power;

/** exp(x) - 1 for |x| up to half the logarithm of 2, to the last few bits near 0 as well. */
const smallExpm1 = (x: number): number => {
  const tail =
    1 / 40_320 +
    x *
      (1 / 362_880 +
        x *
          (1 / 3_628_800 +
            x *
              (1 / 39_916_800 + x * (1 / 479_001_600 + x * (1 / 6_227_020_800 + x * (1 / 87_178_291_200))))));
  return (
    x *
    (1 + x * (1 / 2 + x * (1 / 6 + x * (1 / 24 + x * (1 / 120 + x * (1 / 720 + x * (1 / 5040 + x * tail)))))))
  );
};

/** exp(x) - 1, to the last few bits near 0 as well. */
export const expm1 = (x: number): number => {
  if (x < -745) return -1;
  if (x > 710) return Infinity;
  const doublings = Math.round(x / Math.LN2);
  const rest = smallExpm1(x - doublings * LN2_HIGH - doublings * LN2_LOW);
  return doublings === 0 ? rest : (rest + 1) * (powersOfTwo[doublings + 1075] ?? 0) - 1;
};

export const exp = (x: number): number => {
  if (x < -745) return 0;
  if (x > 710) return Infinity;
  const doublings = Math.round(x / Math.LN2);
  const rest = smallExpm1(x - doublings * LN2_HIGH - doublings * LN2_LOW);
  return (rest + 1) * (powersOfTwo[doublings + 1075] ?? 0);
};

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
