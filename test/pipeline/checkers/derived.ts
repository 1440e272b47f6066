/**
 * Derived state is a function of the ledger: made anew in one go it is the same bytes (but for when a forecast was
 * computed), and it is what the greatest revision of each fact says, added up without looking at a reversal.
 */
import type { Checker, Evidence } from '../simulation/evidence.ts';
import { daysOf, disagreements, monthsOf, sums } from './state-items.ts';

export const fromScratch = ({ state, rebuilt }: Pick<Evidence, 'state' | 'rebuilt'>): readonly string[] => {
  const texts = (items: Evidence['state']): ReadonlyMap<string, string> =>
    new Map(
      items.map(({ key, order, hash, document }) => [
        key,
        `${order} ${hash} ${document.replace(/"computed_at":"[^"]*"/, '')}`,
      ]),
    );
  return disagreements('State against its rebuild', texts(rebuilt), texts(state));
};

/** Cash by account and day from the ledger: of each fact the row that ranks highest. */
const fromGreatest = ({ ledger, state }: Evidence): readonly string[] => {
  const greatest = new Map<string, Extract<Evidence['ledger'][number]['row'], { kind: 'fact' }>>();
  for (const { row } of ledger) {
    if (row.kind !== 'fact') continue;
    const other = greatest.get(row.pk);
    if (other === undefined || row.fact.revision > other.fact.revision) greatest.set(row.pk, row);
  }
  const told = [...greatest.values()].flatMap(({ tenant, fact }): [string, bigint][] => {
    if (fact.kind !== 'cash') return [];
    const amount = fact.lines.reduce((sum, line) => sum + line.amountMinor, 0n);
    const of = (account: string): string => `${tenant}/${fact.date}/${account}/${fact.currency}`;
    return [
      [of(fact.account), amount],
      ...(fact.counterAccount === 'external'
        ? []
        : ([[of(fact.counterAccount), -amount]] as [string, bigint][])),
    ];
  });
  const shown = daysOf(state).flatMap(({ tenant, aggregate }) =>
    aggregate.accounts.map(({ account, currency, deltaMinor }): [string, bigint] => [
      `${tenant}/${aggregate.date}/${account}/${currency}`,
      deltaMinor,
    ]),
  );
  return disagreements('day', sums(told), sums(shown));
};

/** Every row that sits in a day is counted by the day, and every day by its month. */
const rowCounts = ({ ledger, state }: Evidence): readonly string[] => {
  const inDays = ledger.flatMap(({ row }): [string, bigint][] => {
    const [, tenant, kind, date = ''] = ('bucket' in row && row.bucket?.split('#')) || [];
    return kind === 'D' ? [[`${tenant}/${date.slice(0, 7)}`, 1n]] : [];
  });
  const inMonths = monthsOf(state).map(({ tenant, aggregate }): [string, bigint] => [
    `${tenant}/${aggregate.month}`,
    BigInt(aggregate.rows),
  ]);
  return disagreements('rows of', sums(inDays), sums(inMonths));
};

/** What one reading of a bucket saw every later one saw, until State is lost. */
const forgotten = ({ aggregates }: Evidence): readonly string[] => {
  const latest = new Map<string, readonly string[]>();
  return aggregates.flatMap(({ key, names, era }) => {
    const of = `${key} in era ${era}`;
    const lacks = (latest.get(of) ?? []).filter((name) => !names.includes(name));
    latest.set(of, names);
    return lacks.length > 0 ? [`${of} was replaced by a reading without ${lacks.length} of its rows`] : [];
  });
};

export const derived: Checker = (evidence) => [
  ...forgotten(evidence),
  ...fromScratch(evidence),
  ...fromGreatest(evidence),
  ...rowCounts(evidence),
];
