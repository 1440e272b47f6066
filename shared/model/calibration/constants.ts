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
  version: 'conformal-407b1705',
  model: 'streams-3+paths-2',
  fittedOn: '622 made-up companies (seeds 0-699), 2488 forecasts of 2000 paths',
  date: '2026-11-21',
  low: [0, 0, 0, 0],
  high: [0, 0.1422, 0.1526, 0.1394],
};
