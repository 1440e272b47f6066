import type { Statement } from '../event/statement.ts';
import type { Minor } from '../money/money.ts';
import { isWithinBusinessDays } from '../time/business-days.ts';
import { daysBetween } from '../time/civil-date.ts';
import { type Line, linesByAmount } from './line.ts';
import { oneToOne } from './one-to-one.ts';

export type CommitmentStatement = Statement<'commitment'>;

export const SETTLE_BUSINESS_DAYS = 3;

/** Key of the cash fact of a commitment, where its source tells of that too. */
const cashKeyOf = ({ key }: CommitmentStatement): string => key.replace(/:due$/, '');

/** What one payment of several legs is called: the commitment without its last part. */
const groupOf = (each: CommitmentStatement): string =>
  `${cashKeyOf(each).split(':').slice(0, -1).join(':')}|${each.body.dueDate}|${each.body.currency}`;

const words = (name: string | undefined): readonly string[] =>
  (name ?? '').toUpperCase().match(/[A-Z0-9]{3,}/g) ?? [];

interface Payment {
  readonly name: string;
  readonly commitments: readonly CommitmentStatement[];
  readonly amountMinor: Minor;
}

const paidBy = (payments: readonly Payment[], lines: readonly Line[]): ReadonlyMap<string, string> => {
  if (payments.length === 0) return new Map();
  const having = linesByAmount(lines);
  const candidates = payments.flatMap(({ name, commitments, amountMinor }) => {
    const [first] = commitments;
    if (first === undefined) return [];
    const { currency, dueDate, counterparty } = first.body;
    const hints = words(counterparty);
    return having(currency, amountMinor)
      .filter(({ date }) => isWithinBusinessDays(dueDate, date, SETTLE_BUSINESS_DAYS))
      .map(({ date, movement, text }) => ({
        left: name,
        right: movement.key,
        score: hints.some((word) => text.includes(word)) ? 1 : 0,
        gapDays: Math.abs(daysBetween(dueDate, date)),
      }));
  });
  return new Map(oneToOne(candidates).map(({ left, right }) => [left, right]));
};

export interface Commitments {
  readonly open: readonly CommitmentStatement[];
  /** Commitments that a bank's line paid, each with that line. */
  readonly settled: readonly (readonly [CommitmentStatement, Line])[];
}

/**
 * Commitments that nothing has paid yet, and those that something has. One is paid by a line of the bank of the same amount around its day; legs that were
 * taken together, by a line of their sum; and where no bank tells, by its source's own word.
 * @param lines of the bank, external, counted. @param told keys of cash facts that count.
 */
export const matchCommitments = (
  commitments: readonly CommitmentStatement[],
  lines: readonly Line[],
  told: ReadonlySet<string>,
): Commitments => {
  const expected = commitments.filter(
    (each) => each.body.status === 'expected' && each.body.amountMinor !== 0n && !told.has(cashKeyOf(each)),
  );
  const single = paidBy(
    expected.map((each) => ({ name: each.key, commitments: [each], amountMinor: each.body.amountMinor })),
    lines,
  );
  const taken = new Set(single.values());
  const rest = expected.filter(({ key }) => !single.has(key));
  const groups = [...Map.groupBy(rest, groupOf)].filter(([, legs]) => legs.length > 1);
  const together = paidBy(
    groups.map(([name, legs]) => ({
      name,
      commitments: legs,
      amountMinor: legs.reduce((sum, { body }) => sum + body.amountMinor, 0n),
    })),
    lines.filter(({ movement }) => !taken.has(movement.key)),
  );
  const paying = new Set([...single.values(), ...together.values()]);
  const byKey = new Map(
    lines.filter(({ movement }) => paying.has(movement.key)).map((line) => [line.movement.key, line]),
  );
  const lineOf = (each: CommitmentStatement): Line | undefined =>
    byKey.get(single.get(each.key) ?? together.get(groupOf(each)) ?? '');
  return {
    open: rest.filter((each) => !together.has(groupOf(each))),
    settled: expected.flatMap((each) => {
      const line = lineOf(each);
      return line === undefined ? [] : [[each, line] as const];
    }),
  };
};
