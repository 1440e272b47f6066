import { effectiveFacts } from '../../shared/aggregate/day.ts';
import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import { atMost } from '../../shared/concurrency/at-most.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { payeeOf } from '../../shared/event/category.ts';
import type { CashFact } from '../../shared/event/fact.ts';
import { type Flow, streamOf } from '../../shared/explain/flow.ts';
import { bucketKey } from '../../shared/ledger/bucket.ts';
import type { Minor } from '../../shared/money/money.ts';

const CONCURRENCY = 16;

const magnitude = (amountMinor: Minor): Minor => (amountMinor < 0n ? -amountMinor : amountMinor);

/** The largest line of a fact in this stream; nothing where it has none. */
const share = ({ lines, counterparty, currency }: CashFact, { stream }: Flow, base: string): Minor =>
  lines
    .filter(({ category, amountMinor }) => {
      const named = streamOf(category, payeeOf(counterparty), amountMinor);
      return currency === base && (named === stream || category === stream);
    })
    .reduce((most, { amountMinor }) => (magnitude(amountMinor) > most ? magnitude(amountMinor) : most), 0n);

/** The fact that most of each flow comes from, by what the ledger holds of its day; undefined where none is found. */
export const factsBehind = async (
  ledger: Pick<LedgerStore, 'bucketRows'>,
  { tenant, slices }: TenantSettings,
  flows: readonly Flow[],
  base: string,
): Promise<ReadonlyMap<Flow, CashFact>> => {
  const buckets = [...new Set(flows.map(({ date }) => date))].flatMap((date) =>
    Array.from({ length: slices }, (_, slice) => bucketKey({ kind: 'day', tenant, date, slice })),
  );
  const facts: CashFact[] = [];
  await atMost(CONCURRENCY, buckets, async (bucket) => {
    for (const { fact } of effectiveFacts(await ledger.bucketRows(bucket)))
      if (fact.kind === 'cash') facts.push(fact);
  });
  const behind = new Map<Flow, CashFact>();
  for (const flow of flows) {
    const [first] = facts
      .filter((fact) => fact.date === flow.date && share(fact, flow, base) > 0n)
      .sort((a, b) => {
        const [more, than] = [share(b, flow, base), share(a, flow, base)];
        if (more !== than) return more > than ? 1 : -1;
        return a.key < b.key ? -1 : 1;
      });
    if (first !== undefined) behind.set(flow, first);
  }
  return behind;
};
