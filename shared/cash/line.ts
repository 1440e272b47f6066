import { type Movement, totalOf } from '../aggregate/day.ts';
import type { Minor } from '../money/money.ts';
import type { CivilDate } from '../time/civil-date.ts';

/** A movement with what matching looks at. */
export interface Line {
  readonly date: CivilDate;
  readonly movement: Movement;
  readonly amountMinor: Minor;
  /** All that the bank says of it, in upper case. */
  readonly text: string;
}

export const lineOf = (date: CivilDate, movement: Movement): Line => {
  const { description, counterparty, reference } = movement;
  const text = [description, counterparty, reference].filter(Boolean).join(' ').toUpperCase();
  return { date, movement, amountMinor: totalOf(movement), text };
};

const amountKey = (currency: string, amountMinor: Minor): string => `${currency}|${amountMinor}`;

/** Lines by what they moved. */
export const linesByAmount = (
  lines: readonly Line[],
): ((currency: string, amountMinor: Minor) => readonly Line[]) => {
  const byAmount = Map.groupBy(lines, ({ movement, amountMinor }) =>
    amountKey(movement.currency, amountMinor),
  );
  return (currency, amountMinor) => byAmount.get(amountKey(currency, amountMinor)) ?? [];
};
