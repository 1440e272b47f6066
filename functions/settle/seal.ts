import { rowNames } from '../../shared/aggregate/reading.ts';
import { bucketRecord, deliveryRecord, type Leaf, leafOf } from '../../shared/audit/record.ts';
import { sealRows } from '../../shared/audit/seal.ts';
import { filledDay, type Unit, unitsOf } from '../../shared/audit/units.ts';
import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import type { SealArchive } from '../../shared/aws/seal-archive.ts';
import type { SealedUnit, SealStore } from '../../shared/aws/seal-store.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import { atMost } from '../../shared/concurrency/at-most.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { SUBJECTS } from '../../shared/ledger/range.ts';
import type { BucketRow } from '../../shared/ledger/row.ts';

export interface SealDeps {
  readonly ledger: Pick<LedgerStore, 'bucketRows' | 'deliveries'>;
  readonly state: Pick<StateStore, 'overview' | 'daysOfMonth' | 'statements'>;
  readonly seals: SealStore;
  readonly copies: SealArchive;
}

export interface Sealed {
  /** Seals added. */
  readonly seals: number;
  readonly rows: number;
  /** Number of the last link; 0 where there is none. */
  readonly seq: number;
  /** Whether time ran out before everything was sealed. */
  readonly more: boolean;
}

const CONCURRENCY = 16;
/** One seal and its leaves fit an item of the table. */
const LEAVES_MAX = 3_000;

/** Everything that holds rows, by what State knows: it says where to look, not what is there. */
const filledUnits = async ({ state }: SealDeps, tenant: string): Promise<readonly Unit[]> => {
  const { months, plan, review } = await state.overview(tenant);
  const days = await Promise.all(months.map(({ month }) => state.daysOfMonth(tenant, month)));
  const statements = await Promise.all(SUBJECTS.map((subject) => state.statements(tenant, subject)));
  return unitsOf([
    ...days.flat().flatMap((day) => (day.rows > 0 ? [filledDay(tenant, day)] : [])),
    ...statements.flat().map(({ subject, month, rowsHash }) => ({
      bucket: { kind: 'statements', tenant, subject, month } as const,
      rowsHash,
    })),
    ...(plan ? [{ bucket: { kind: 'plan', tenant } as const, rowsHash: plan.rowsHash }] : []),
    ...(review ? [{ bucket: { kind: 'review', tenant } as const, rowsHash: review.rowsHash }] : []),
  ]);
};

/** Leaves of rows and of the deliveries that told them; a delivery that this run sealed before is not sealed again. */
const leavesOf = async (
  { ledger }: SealDeps,
  rows: readonly BucketRow[],
  sealedDeliveries: Set<string>,
): Promise<readonly Leaf[]> => {
  const leaves: Leaf[] = [];
  const keys = new Set<string>();
  for (const row of rows)
    if (row.kind === 'delivery') keys.add(row.pk);
    else {
      leaves.push(leafOf(bucketRecord(row)));
      keys.add(row.delivery);
    }
  const wanted = [...keys].filter((key) => !sealedDeliveries.has(key));
  await atMost(CONCURRENCY, wanted, async (key) => {
    for (const row of await ledger.deliveries(key)) leaves.push(leafOf(deliveryRecord(row)));
    sealedDeliveries.add(key);
  });
  return leaves;
};

/** Rows of a unit that no seal holds yet. */
const newRows = async (
  { ledger }: SealDeps,
  unit: Unit,
  before: SealedUnit | undefined,
): Promise<{ readonly rows: readonly BucketRow[]; readonly names: readonly string[] }> => {
  const all = (await Promise.all(unit.buckets.map((bucket) => ledger.bucketRows(bucket)))).flat();
  const known = new Set(before?.names ?? []);
  const rows = all.filter((row) => !known.has(rowNames([row])[0] ?? '')).slice(0, LEAVES_MAX / 2);
  return { rows, names: [...known, ...rowNames(rows)].sort() };
};

/**
 * Seals every row that is not sealed yet, one link for each unit that has some. Whoever loses the chain's end to another run
 * reads it anew.
 * @param remainingMs what is left of this run; the next goes on where it ends.
 */
export const sealTenant = async (
  deps: SealDeps,
  { tenant }: TenantSettings,
  nowMs: number,
  remainingMs: () => number,
  reserveMs: number,
): Promise<Sealed> => {
  const [units, sealed] = await Promise.all([filledUnits(deps, tenant), deps.seals.units(tenant)]);
  const sealedDeliveries = new Set<string>();
  const queue = units.filter(({ name, rowsHash }) => sealed.get(name)?.rowsHash !== rowsHash);
  const current = new Map(sealed);
  let head = await deps.seals.head(tenant);
  const done = { seals: 0, rows: 0 };
  for (let unit = queue.shift(); unit; unit = queue.shift()) {
    if (remainingMs() < reserveMs) return { ...done, seq: head?.seq ?? 0, more: true };
    const before = current.get(unit.name);
    const { rows, names } = await newRows(deps, unit, before);
    if (rows.length === 0) continue;
    const version = (before?.version ?? 0) + 1;
    const leaves = await leavesOf(deps, rows, sealedDeliveries);
    const link = sealRows(
      head,
      { tenant, unit: unit.name, version, sealed_at: new Date(nowMs).toISOString() },
      leaves,
    );
    const next = { version, rowsHash: unit.rowsHash, names };
    await deps.copies.copy(link);
    if (await deps.seals.append(link, next)) {
      head = link.seal;
      current.set(unit.name, next);
      done.seals += 1;
      done.rows += leaves.length;
      /** As much again may be left of a large unit. */
      if (rows.length === LEAVES_MAX / 2) queue.unshift(unit);
    } else {
      /** Another run was faster: it may have sealed this very unit. */
      head = await deps.seals.head(tenant);
      for (const [name, each] of await deps.seals.units(tenant)) current.set(name, each);
      sealedDeliveries.clear();
      queue.unshift(unit);
    }
  }
  return { ...done, seq: head?.seq ?? 0, more: false };
};
