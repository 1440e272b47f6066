import { canonicalJson, sha256Of } from '../../../shared/canonical/canonical.ts';
import { CHECKERS } from '../checkers/checkers.ts';
import { type SimulateOptions, simulate } from './simulate.ts';

export interface Report {
  readonly seed: number;
  readonly events: number;
  readonly broken: string | null;
  /** First instant of the world. */
  readonly from: string;
  /** What happened, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** Violations by checker; none is a pass. */
  readonly verdicts: Readonly<Record<string, readonly string[]>>;
  /** Of the ledger, State and all news: two runs of one seed have the same. */
  readonly digest: string;
}

/** Lets one world happen and has every checker judge it. */
export const report = async (options: SimulateOptions): Promise<Report> => {
  const { evidence, counts } = await simulate(options);
  const { economy, written, state, announced, answers } = evidence;
  return {
    seed: options.seed,
    events: options.events,
    broken: options.broken ?? null,
    from: new Date(economy.startMs).toISOString(),
    counts: Object.fromEntries(
      Object.entries({ ...counts, 'ledger rows': written.length }).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    verdicts: Object.fromEntries(
      Object.entries(CHECKERS).map(([name, checker]) => [name, checker(evidence)]),
    ),
    digest: sha256Of(
      canonicalJson({
        written: written.map(({ key, digest, indexedMs }) => [key, digest, indexedMs]),
        state,
        announced,
        answers: answers.map(({ telling, status }) => [telling.name, status]),
      }),
    ),
  };
};

export const hasViolations = ({ verdicts }: Report): boolean =>
  Object.values(verdicts).some((violations) => violations.length > 0);

/** How to see the same world again. */
export const commandOf = ({ seed, events, broken }: Report): string =>
  `npm run simulate -- --seed ${seed} --events ${events}${broken === null ? '' : ` --broken ${broken}`}`;
