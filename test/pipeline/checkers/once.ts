/**
 * Once: whatever was repeated, reordered, delayed or retried, State shows what really happened, and what a world shows in
 * which everything was told once, in order.
 *
 * Of the other world's State these are not compared, because they tell how the ledger was written rather than what it says:
 * `rows`, `rowsHash` and `daysHash` (a late estimate leaves no row), fences (made of row counts), `latest`,
 * `events_through` and `as_of` of sources (made of `recordedAt`), `computed_at`, and aggregates in which no cash counts (a
 * day whose every fact was corrected into another has one only where it was told before the correction). Nor is a feed that is
 * well again: what never failed is not spoken of.
 */
import { canonicalJson } from '../../../shared/canonical/canonical.ts';
import { parseDocument } from '../../../shared/canonical/document.ts';
import type { StateItem } from '../../support/memory-state-store.ts';
import type { Movement } from '../simulation/economy.ts';
import type { Checker, Evidence } from '../simulation/evidence.ts';
import { daysOf, disagreements, monthsOf, named, sums } from './state-items.ts';

const total = ({ lines }: Movement): bigint => lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);

const cashByAccount = ({ economy, state }: Evidence): readonly string[] => {
  const really = economy.movements.flatMap((movement): [string, bigint][] => {
    const { tenant, account, counterAccount, currency } = movement;
    return [
      [`${tenant}/${account}/${currency}`, total(movement)],
      ...(counterAccount === 'external'
        ? []
        : ([[`${tenant}/${counterAccount}/${currency}`, -total(movement)]] as [string, bigint][])),
    ];
  });
  const shown = monthsOf(state).flatMap(({ tenant, aggregate }) =>
    aggregate.accounts.map(({ account, currency, deltaMinor }): [string, bigint] => [
      `${tenant}/${account}/${currency}`,
      deltaMinor,
    ]),
  );
  return disagreements('cash of', sums(really), sums(shown));
};

const flowsByDay = ({ economy, state }: Evidence): readonly string[] => {
  const really = economy.movements
    .filter(({ counterAccount }) => counterAccount === 'external')
    .flatMap(({ tenant, date, currency, lines }) =>
      lines.map(({ category, amountMinor }): [string, bigint] => [
        `${tenant}/${date}/${currency}/${category}`,
        amountMinor,
      ]),
    );
  const shown = daysOf(state).flatMap(({ tenant, aggregate }) =>
    aggregate.flows.map(({ currency, category, inflowMinor, outflowMinor }): [string, bigint] => [
      `${tenant}/${aggregate.date}/${currency}/${category}`,
      inflowMinor - outflowMinor,
    ]),
  );
  return disagreements('flow', sums(really), sums(shown));
};

const reviews = ({ economy, state }: Evidence): readonly string[] => {
  const counts = (found: (tenant: string) => { conflicts: number; quarantined: number }) =>
    new Map(
      economy.tenants.map(({ settings: { tenant } }) => {
        const { conflicts, quarantined } = found(tenant);
        return [tenant, `${conflicts} conflicts, ${quarantined} not understood`];
      }),
    );
  const none = { conflicts: 0, quarantined: 0 };
  return disagreements(
    'review of',
    counts((tenant) => ({
      conflicts: economy.conflicts.get(tenant) ?? 0,
      quarantined: economy.quarantined.get(tenant) ?? 0,
    })),
    counts((tenant) => {
      const item = state.find(({ key }) => key === `${tenant}/review`);
      return item === undefined ? none : (JSON.parse(item.document) as typeof none);
    }),
  );
};

/** The item as it must be in either world; undefined where nothing in it counts. */
const comparable = (item: StateItem): string | undefined => {
  const { kind } = named(item);
  const {
    rows: _rows,
    rowsHash: _rowsHash,
    daysHash: _daysHash,
    ...rest
  } = parseDocument<Record<string, unknown>>(item.document);
  const { latest: _latest, computed_at: _computedAt, ...kept } = rest;
  if (kind === 'day' || kind === 'month')
    return (kept['accounts'] as unknown[]).length === 0 ? undefined : canonicalJson(kept);
  if (kept['subject'] === 'feed') {
    const feeds = kept['statements'] as { body: { status: string } }[];
    return feeds.every(({ body }) => body.status === 'ok') ? undefined : canonicalJson(kept);
  }
  if (kind !== 'forecast') return canonicalJson(kept);
  const { events_through: _through, sources, ...inputs } = kept['inputs'] as Record<string, unknown>;
  return canonicalJson({
    ...kept,
    inputs: { ...inputs, sources: (sources as { source: string }[]).map(({ source }) => source) },
  });
};

/** What State says, by item: the same in every world in which the same was told. */
export const whatItSays = (items: readonly StateItem[]): ReadonlyMap<string, string> =>
  new Map(
    items.flatMap((item) => {
      const text = comparable(item);
      return text === undefined ? [] : [[item.key, text] as const];
    }),
  );

export const once: Checker = (evidence) => [
  ...cashByAccount(evidence),
  ...flowsByDay(evidence),
  ...reviews(evidence),
  ...disagreements('State told in disorder', whatItSays(evidence.ordered), whatItSays(evidence.state)),
];
