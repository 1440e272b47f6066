const NUMBER = /^(-?)(\d{1,30})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/;

/**
 * A provider's decimal as plain digits, in its shortest form: `-0.00000012` of `-1.20E-7`.
 * @returns undefined where the text is no number.
 */
export const plainDecimal = (text: string): string | undefined => {
  const [, sign = '', whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  if (whole === '') return undefined;
  const point = whole.length + Number(power);
  const digits = `${'0'.repeat(Math.max(0, -point))}${whole}${fraction}`.padEnd(point, '0');
  const at = Math.max(0, point);
  const before = digits.slice(0, at).replace(/^0+/, '') || '0';
  const after = digits.slice(at).replace(/0+$/, '');
  const plain = after === '' ? before : `${before}.${after}`;
  return plain === '0' ? plain : `${sign}${plain}`;
};

const SCALE = 18;

/** Sums decimals exactly, to 18 places. */
export const sumDecimals = (decimals: readonly string[]): string => {
  const units = decimals.reduce((sum, decimal) => {
    const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
    const size = BigInt(whole + fraction.slice(0, SCALE).padEnd(SCALE, '0'));
    return decimal.startsWith('-') ? sum - size : sum + size;
  }, 0n);
  const digits = (units < 0n ? -units : units).toString().padStart(SCALE + 1, '0');
  const text = `${units < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`;
  return plainDecimal(text) ?? '0';
};
