import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fit, fitConstants } from '../../shared/backtest/fit.ts';
import { RAW } from '../../shared/backtest/model-methods.ts';
import { canonicalJson, sha256Of } from '../../shared/canonical/canonical.ts';
import { CALIBRATION, type CalibrationConstants } from '../../shared/model/calibration/constants.ts';
import { MODEL_VERSION } from '../../shared/model/runway.ts';
import { scoreCompanies } from './companies.ts';

/** The constants never see a company that the gates are judged on. */
const FIRST_SEED = 0;
const LAST_SEED = 699;
const HORIZON_DAYS = 365;
const FILE = join(import.meta.dirname, '../../shared/model/calibration/constants.ts');

const sourceOf = ({ version, model, fittedOn, date, low, high }: CalibrationConstants): string =>
  `import type { Profile } from './profile.ts';

/** What the intervals of a panel of companies lacked, in log days; written by \`npm run backtest:panel -- --fit\`. */
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
  version: '${version}',
  model: '${model}',
  fittedOn: '${fittedOn}',
  date: '${date}',
  low: [${low.join(', ')}],
  high: [${high.join(', ')}],
};
`;

/** The model's own version, without that of the constants it was last given. */
const modelAlone = MODEL_VERSION.split('+')
  .filter((part) => part !== CALIBRATION.version)
  .join('+');

/** Fits the constants anew and writes them where the model reads them. */
export const refit = (
  paths: number,
  nowMs: number,
): { readonly fit: Fit; readonly constants: CalibrationConstants } => {
  const { scored, companies } = scoreCompanies([RAW], {
    firstSeed: FIRST_SEED,
    lastSeed: LAST_SEED,
    companies: Number.POSITIVE_INFINITY,
    paths,
  });
  const fit = fitConstants(scored, HORIZON_DAYS);
  const constants = {
    version: `conformal-${sha256Of(canonicalJson(fit.used)).slice('sha256:'.length).slice(0, 8)}`,
    model: modelAlone,
    fittedOn: `${companies} made-up companies (seeds ${FIRST_SEED}-${LAST_SEED}), ${fit.outcomes} forecasts of ${paths} paths`,
    date: new Date(nowMs).toISOString().slice(0, 10),
    ...fit.used,
  };
  writeFileSync(FILE, sourceOf(constants));
  return { fit, constants };
};
