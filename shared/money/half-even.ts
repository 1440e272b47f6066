/** Rounds half to even, so that many roundings do not drift. @param divisor positive */
export const dividedBy = (dividend: bigint, divisor: bigint): bigint => {
  const quotient = dividend / divisor;
  const twice = (dividend % divisor) * 2n;
  const half = twice < 0n ? -twice : twice;
  const up = half > divisor || (half === divisor && quotient % 2n !== 0n);
  return up ? quotient + (dividend < 0n ? -1n : 1n) : quotient;
};
