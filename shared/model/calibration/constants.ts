import type { Profile } from './profile.ts';

/** What the intervals of a panel of companies lacked, in log days; written by `npm run backtest:panel -- --fit`. */
export interface CalibrationConstants {
  /** Changes with the numbers. */
  readonly version: string;
  /** The model that was found too narrow. */
  readonly model: string;
  readonly fittedOn: string;
  /** Day of the fit. */
  readonly date: string;
  /** By how much p5 has to come earlier. */
  readonly low: Profile;
  /** By how much p95 has to come later. */
  readonly high: Profile;
}

export const CALIBRATION: CalibrationConstants = {
  version: 'none',
  model: 'none',
  fittedOn: 'nothing yet',
  date: '2026-11-21',
  low: [0, 0, 0, 0],
  high: [0, 0, 0, 0],
};
