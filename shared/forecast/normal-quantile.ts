/** The normal distribution inverted (Wichura 1988, algorithm AS 241, good to 1e-16): one uniform number makes one normal. */
import { ln } from './elementary.ts';

/** Within 0.425 of the middle. */
const central = (q: number): number => {
  const r = 0.180625 - q * q;
  const above =
    ((((((2509.0809287301227 * r + 33430.57558358813) * r + 67265.7709270087) * r + 45921.95393154987) * r +
      13731.69376550946) *
      r +
      1971.5909503065513) *
      r +
      133.14166789178438) *
      r +
    3.3871328727963665;
  const below =
    ((((((5226.495278852854 * r + 28729.085735721943) * r + 39307.89580009271) * r + 21213.794301586597) * r +
      5394.196021424751) *
      r +
      687.1870074920579) *
      r +
      42.31333070160091) *
      r +
    1;
  return (q * above) / below;
};

/** Distance from the middle where a tail holds exp(-root^2), down to exp(-25). */
const tail = (root: number): number => {
  const r = root - 1.6;
  const above =
    ((((((7.745450142783414e-4 * r + 0.022723844989269184) * r + 0.2417807251774506) * r +
      1.2704582524523684) *
      r +
      3.6478483247632045) *
      r +
      5.769497221460691) *
      r +
      4.630337846156546) *
      r +
    1.4234371107496835;
  const below =
    ((((((1.0507500716444169e-9 * r + 5.475938084995345e-4) * r + 0.015198666563616457) * r +
      0.14810397642748008) *
      r +
      0.6897673349851) *
      r +
      1.6763848301838038) *
      r +
      2.053191626637759) *
      r +
    1;
  return above / below;
};

/** z with P(Z <= z) = u. @param u from 1e-11 to 1 - 1e-11, as `uniformOf` makes them */
export const normalQuantile = (u: number): number => {
  const q = u - 0.5;
  if (Math.abs(q) <= 0.425) return central(q);
  const distance = tail(Math.sqrt(-ln(q < 0 ? u : 1 - u)));
  return q < 0 ? -distance : distance;
};
