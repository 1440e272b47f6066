/** What an hour of an instance costs, in millionths of a dollar: integers, so that sums stay exact. */
export interface PriceTable {
  readonly region: string;
  /** The day the figures were taken. */
  readonly asOf: string;
  readonly currency: 'USD';
  readonly onDemandMicrosPerHour: Readonly<Record<string, number>>;
  /** A spot instance costs about this per cent of the same one on demand. */
  readonly spotPercent: number;
}

/** Multiples of a family's `large`. */
const MULTIPLES: Readonly<Record<string, number>> = {
  nano: 1 / 16,
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
  '2xlarge': 4,
  '4xlarge': 8,
  '8xlarge': 16,
  '12xlarge': 24,
  '16xlarge': 32,
  '24xlarge': 48,
};

/** Linux, on demand, one `large` for an hour. Only the burstable families come smaller than `medium`. */
const LARGE_MICROS_PER_HOUR: Readonly<Record<string, number>> = {
  t2: 92_800,
  t3: 83_200,
  t3a: 75_200,
  t4g: 67_200,
  m5: 96_000,
  m5a: 86_000,
  m6a: 86_400,
  m6g: 77_000,
  m6i: 96_000,
  m7a: 115_920,
  m7g: 81_600,
  m7i: 100_800,
  c5: 85_000,
  c6a: 76_500,
  c6g: 68_000,
  c6i: 85_000,
  c7g: 72_500,
  c7i: 89_250,
  r5: 126_000,
  r6g: 100_800,
  r6i: 126_000,
  r7g: 107_100,
};

/** List prices of us-east-1; elsewhere they are an estimate, some per cent too low. */
export const LIST_PRICES: PriceTable = {
  region: 'us-east-1',
  asOf: '2026-11-01',
  currency: 'USD',
  onDemandMicrosPerHour: Object.fromEntries(
    Object.entries(LARGE_MICROS_PER_HOUR).flatMap(([family, large]) =>
      Object.entries(MULTIPLES).map(([size, multiple]) => [
        `${family}.${size}`,
        Math.round(large * multiple),
      ]),
    ),
  ),
  spotPercent: 40,
};
