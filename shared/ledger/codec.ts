import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import type { Fact, FactLine } from '../event/fact.ts';
import type { LedgerRow } from './row.ts';

/** A fact as canonical JSON: equal facts give equal text, money is exact. */
export const encodeFact = (fact: Fact): string => canonicalJson(fact);

/**
 * Reads what `encodeFact` wrote. Money members are named here one by one: a fact also carries its sender's metadata, in
 * which any name may occur.
 */
export const decodeFact = (text: string): Fact => {
  const fact = JSON.parse(text);
  if (fact.kind === 'cash')
    return {
      ...fact,
      lines: fact.lines.map((line: Record<keyof FactLine, string>) => ({
        category: line.category,
        amountMinor: BigInt(line.amountMinor),
      })),
    };
  return fact.kind === 'credit' ? { ...fact, amountMinor: BigInt(fact.amountMinor) } : fact;
};

/** Hash of what a fact says, apart from its identity and the rank of this telling. */
export const contentHashOf = ({ key: _key, revision: _revision, ...content }: Fact): string =>
  sha256Of(canonicalJson(content));

export type LedgerItem = Readonly<Record<string, unknown>>;

/** Doorbells hold no blank. One string, because a stream filter can ask only for leaves whether they exist. */
const DOORBELL_SEPARATOR = ' ';

/** A row as DynamoDB attributes; facts and doorbells have a form of their own. */
export const itemOf = (row: LedgerRow): LedgerItem => {
  if ('fact' in row) return { ...row, fact: encodeFact(row.fact) };
  if (row.kind === 'delivery' && row.doorbell !== undefined)
    return { ...row, doorbell: row.doorbell.join(DOORBELL_SEPARATOR) };
  return { ...row };
};

/** The row in an item. An item read through the bucket index lacks what the index leaves out. */
export const rowOf = <Row extends Partial<LedgerRow> = LedgerRow>(item: LedgerItem): Row => {
  const { fact, doorbell } = item;
  return {
    ...item,
    ...(typeof fact === 'string' && { fact: decodeFact(fact) }),
    ...(typeof doorbell === 'string' && { doorbell: doorbell.split(DOORBELL_SEPARATOR) }),
  } as Row;
};
