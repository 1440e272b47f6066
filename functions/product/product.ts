import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import { attemptAll } from '../../shared/concurrency/attempt-all.ts';
import type { ProductQuery, TenantSettings } from '../../shared/contract/tenant.ts';
import {
  type FetchedFor,
  type FetchedReading,
  type KeepDeps,
  noteProgress,
  recordFetched,
} from '../../shared/fetch/fetched.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import type {
  ConnectProduct,
  Position,
  ProductDatabase,
  ProductRow,
} from '../../shared/providers/postgres/database.ts';
import { POSTGRES, rowFact } from '../../shared/providers/postgres/rows.ts';

export interface ProductDeps extends KeepDeps {
  readonly tenants: readonly TenantSettings[];
  readonly secrets: WebhookSecrets;
  readonly connect: ConnectProduct;
  readonly limits: { readonly rowsPerPage: number; readonly pagesPerRun: number };
}

/** Changes with any change in what is made of a row. */
const POSTGRES_NORMALISER = 'postgres/1';

const readRows = (
  rows: readonly ProductRow[],
  query: ProductQuery,
  settings: TenantSettings,
): FetchedReading => {
  const read = rows.map((row) => ({ row, fact: rowFact(row, query, settings) }));
  return {
    facts: read.flatMap(({ fact }) => (typeof fact === 'string' ? [] : [fact])),
    unreadable: read.flatMap(({ row, fact }) =>
      typeof fact === 'string' ? [{ part: row, reason: fact }] : [],
    ),
  };
};

const positionOf = (row: ProductRow | undefined): Position | undefined =>
  row && { updatedAt: row['updated_at'] ?? '', id: row['id'] ?? '' };

/**
 * Reads what changed since the last run. The place to go on from is the last row before which no other can appear any more:
 * what changed in the last minutes is read again by the next run, and counts once.
 */
const readQuery = async (
  deps: ProductDeps,
  of: FetchedFor,
  database: ProductDatabase,
  query: ProductQuery,
): Promise<void> => {
  const { limits } = deps;
  const feed = `${POSTGRES}:${query.kind}:${query.name}:${query.relation}`;
  const last = await deps.ledger.lastProgress(of.settings.tenant, feed);
  let ordinal = last?.ordinal ?? 0;
  let after = last === undefined ? undefined : (JSON.parse(last.cursor) as Position);
  for (let page = 0; page < limits.pagesPerRun; page += 1) {
    const rows = await database.changed(query, after);
    if (rows.length === 0) return;
    const told = rows.map(({ settled: _settled, ...row }) => row);
    const delivery = await recordFetched(
      deps,
      of,
      `rows:${query.name}`,
      told,
      readRows(told, query, of.settings),
    );
    const settled = positionOf(rows.findLast((row) => row['settled'] === 'true'));
    if (settled !== undefined) {
      ordinal += 1;
      await noteProgress(deps, of, feed, ordinal, JSON.stringify(settled), delivery);
    }
    after = positionOf(rows.at(-1));
    if (rows.length < limits.rowsPerPage) return;
  }
};

const readTenant = async (
  deps: ProductDeps,
  settings: TenantSettings,
  context: Invocation,
): Promise<void> => {
  const { tenant, postgres } = settings;
  const address = postgres && (await deps.secrets.apiKey(tenant, POSTGRES, context.nowMs, 'url'));
  if (postgres === undefined || address === undefined) return;
  const authority = await deps.secrets.apiKey(tenant, POSTGRES, context.nowMs, 'ca');
  const of: FetchedFor = { settings, source: POSTGRES, normaliser: POSTGRES_NORMALISER, context };
  const { rowsPerPage: rowsMax } = deps.limits;
  await attemptAll(
    postgres.queries.map((query) => async () => {
      // A failed transaction must not stand in the way of the next query.
      const database = await deps.connect(address, { zone: postgres.zone, authority, rowsMax });
      try {
        await readQuery(deps, of, database, query);
      } finally {
        await database.close();
      }
    }),
  );
};

/**
 * Reads subscriptions and usage from the tenants' own databases: statements beside the cash, never cash.
 * @throws AggregateError of what failed; one database's failure keeps nobody else's word out.
 */
export const product = (deps: ProductDeps, context: Invocation): Promise<void> =>
  attemptAll(deps.tenants.map((settings) => () => readTenant(deps, settings, context)));
