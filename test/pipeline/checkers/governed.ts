/**
 * No action on doubtful data: every decision rests on a forecast that State held when it was taken and that nothing speaks
 * against, none but a recommendation touches production, and each version of the policy follows the one before it.
 */
import type { Checker, Evidence } from '../simulation/evidence.ts';

interface Grounds {
  readonly status: string;
  readonly inputs: { readonly hash: string };
  readonly trust: { readonly partial: boolean; readonly paused: boolean; readonly conflicts: number };
}

const doubts = ({ status, trust }: Grounds): boolean =>
  trust.partial || trust.paused || trust.conflicts > 0 || status === 'insufficient_data';

const decided = ({ governed }: Evidence): readonly string[] =>
  governed.flatMap(({ decisions, state, document }) => {
    if (decisions.length === 0) return [];
    const grounds = document === undefined ? undefined : (JSON.parse(document) as Grounds);
    return decisions.flatMap(({ decision_id: id, environment, status, forecast }) => [
      ...(environment === 'production' && status === 'planned' ? [`decision ${id} is about production`] : []),
      ...(state.hold.length > 0 ? [`decision ${id} was taken while the policy held`] : []),
      ...(grounds === undefined ? [`decision ${id} rests on no forecast`] : []),
      ...(grounds !== undefined && doubts(grounds) ? [`decision ${id} rests on doubtful data`] : []),
      ...(grounds !== undefined && grounds.inputs.hash !== forecast?.inputs_hash
        ? [`decision ${id} names another forecast than it was made from`]
        : []),
    ]);
  });

const versions = ({ governed }: Evidence): readonly string[] =>
  governed
    .filter(({ version }, index) => version !== index + 1)
    .map(({ version }) => `version ${version} of the policy was not written in its turn`);

const repeated = ({ governed }: Evidence): readonly string[] => {
  const ids = governed.flatMap(({ decisions }) => decisions.map((decision) => decision.decision_id));
  return ids
    .filter((id, index) => ids.indexOf(id) !== index)
    .map((id) => `decision ${id} was recorded twice`);
};

/** The last word holds exactly when the last forecast is doubtful. */
const lastWord = ({ governed, state }: Evidence): readonly string[] => {
  const last = governed.at(-1);
  const stored = state.find(({ key }) => key === `${last?.tenant}/forecast`);
  if (last === undefined || stored === undefined) return ['the policy never ran'];
  const doubtful = doubts(JSON.parse(stored.document) as Grounds);
  return doubtful === last.state.hold.length > 0
    ? []
    : [`the policy ${doubtful ? 'does not hold' : 'holds'} in the end, on ${stored.document.slice(0, 120)}`];
};

export const governed: Checker = (evidence) => [
  ...decided(evidence),
  ...versions(evidence),
  ...repeated(evidence),
  ...lastWord(evidence),
];
