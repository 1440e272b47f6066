import type { BalanceComparison } from './balances.ts';
import { brokenWithin } from './balances.ts';
import type { Finding, ItemComparison } from './items.ts';

/** A bucket of which derived State tells something else than the ledger. */
export interface StateDifference {
  readonly bucket: string;
  readonly deviation: string;
  readonly stored_rows: number;
  readonly ledger_rows: number;
  readonly accounts: readonly {
    readonly account: string;
    readonly currency: string;
    readonly stored: string;
    readonly ledger: string;
  }[];
}

/** Money between Stripe and a bank that has waited too long for its other side. */
export interface WaitingItem {
  readonly kind: 'suspense' | 'late' | 'kept' | 'transit';
  readonly id: string;
  readonly date: string;
  readonly currency: string;
  readonly amount: string;
}

/** What one run found out about one source. */
export interface SourceReport {
  readonly source: string;
  /** Accounting day of the run. */
  readonly date: string;
  readonly checked_at: string;
  /** The days looked at. */
  readonly from: string;
  readonly to: string;
  readonly status: 'agrees' | 'differs' | 'not_compared';
  /** Why nothing was compared. */
  readonly because?: string;
  readonly items?: readonly ItemComparison[];
  readonly balances?: readonly BalanceComparison[];
  readonly state?: readonly StateDifference[];
  readonly waiting?: readonly WaitingItem[];
  /** By currency: what the source held before the ledger begins. */
  readonly opening_gap?: Readonly<Record<string, string>>;
  readonly variance_ratio: number;
  /** Beyond what is tolerated, as sentences. */
  readonly reasons: readonly string[];
  /** Within it, or beside the money. */
  readonly attention: readonly string[];
}

/** A document holds so many findings of a kind; counts are always whole. */
const LISTED = 50;
/** A sentence names so many. */
const NAMED = 3;

const few = (findings: readonly Finding[]): string => {
  const more = findings.length - NAMED;
  const names = findings
    .slice(0, NAMED)
    .map(({ id, date, stated, counted }) =>
      stated !== null && counted !== null
        ? `${id} of ${date}, stated ${stated}, counted ${counted}`
        : `${id} of ${date}, ${stated ?? counted}`,
    );
  return `${names.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
};

/** What the items of one currency are, in a sentence; undefined where all agree. */
const itemSentence = (source: string, of: ItemComparison): string | undefined => {
  const parts = [
    of.missing.length > 0 ? `${of.missing.length} missing (${few(of.missing)})` : undefined,
    of.missing_days.length > 0
      ? `${of.missing_days.join(', ')} ${of.missing_days.length === 1 ? 'is' : 'are'} missing as a whole`
      : undefined,
    of.extra.length > 0 ? `${of.extra.length} unknown to ${source} (${few(of.extra)})` : undefined,
    of.different.length > 0 ? `${of.different.length} different (${few(of.different)})` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0
    ? undefined
    : `${source}: ${parts.join(', ')}; ${of.unexplained} ${of.currency} unexplained, ${of.tolerance} tolerated`;
};

const balanceSentence = (
  source: string,
  account: string,
  of: readonly BalanceComparison[],
): string | undefined => {
  const last = [...of].sort((a, b) => (a.date < b.date ? -1 : 1)).at(-1);
  if (last === undefined || last.variance_ratio === 0) return undefined;
  const broken = brokenWithin(of);
  const since =
    broken === undefined
      ? ''
      : broken.after === null
        ? `, since ${broken.by} or before`
        : `, since after ${broken.after} and by ${broken.by}`;
  return `${source}: ${account} holds ${last.stated} ${last.currency} on ${last.date}, the ledger counts ${last.counted}: ${last.difference} unexplained, ${last.tolerance} tolerated${since}`;
};

const listed = (comparison: ItemComparison): object => ({
  ...comparison,
  missing: comparison.missing.slice(0, LISTED),
  missing_count: comparison.missing.length,
  extra: comparison.extra.slice(0, LISTED),
  extra_count: comparison.extra.length,
  different: comparison.different.slice(0, LISTED),
  different_count: comparison.different.length,
});

type Head = Pick<SourceReport, 'source' | 'date' | 'checked_at' | 'from' | 'to'>;

/** @param attention where that itself wants to be looked at. */
export const notCompared = (
  head: Head,
  because: string,
  attention: readonly string[] = [],
): SourceReport => ({
  ...head,
  status: 'not_compared',
  because,
  variance_ratio: 0,
  reasons: [],
  attention,
});

/** Findings of one source, told apart by whether they are tolerated. */
export const sourceReport = (
  head: Head,
  found: {
    readonly items?: readonly ItemComparison[];
    readonly balances?: readonly BalanceComparison[];
    readonly state?: readonly StateDifference[];
    readonly opening_gap?: Readonly<Record<string, string>>;
    readonly reasons?: readonly string[];
    readonly attention?: readonly string[];
  },
): SourceReport => {
  const reasons: string[] = [...(found.reasons ?? [])];
  const attention: string[] = [...(found.attention ?? [])];
  const note = (sentence: string | undefined, beyond: boolean): void => {
    if (sentence !== undefined) (beyond ? reasons : attention).push(sentence);
  };
  for (const comparison of found.items ?? []) note(itemSentence(head.source, comparison), comparison.beyond);
  const accounts = Map.groupBy(found.balances ?? [], ({ account, currency }) => `${account}|${currency}`);
  const latest: BalanceComparison[] = [];
  for (const of of accounts.values()) {
    const last = [...of].sort((a, b) => (a.date < b.date ? -1 : 1)).at(-1);
    if (last === undefined) continue;
    latest.push(last);
    note(balanceSentence(head.source, last.account, of), last.beyond);
  }
  const ratios = [...(found.items ?? []), ...latest].map((each) => each.variance_ratio);
  return {
    ...head,
    status: reasons.length > 0 ? 'differs' : 'agrees',
    ...found,
    variance_ratio: Math.max(0, ...ratios),
    reasons,
    attention,
  };
};

/** A report as it is stored and read: with at most so many findings of a kind. */
export const reportDocument = (report: SourceReport): string =>
  JSON.stringify({
    ...report,
    ...(report.items && { items: report.items.map(listed) }),
    ...(report.waiting && {
      waiting: report.waiting.slice(0, LISTED),
      waiting_count: report.waiting.length,
    }),
    ...(report.state && { state: report.state.slice(0, LISTED), state_count: report.state.length }),
  });
