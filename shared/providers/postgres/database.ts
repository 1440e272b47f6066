/** The tables of a tenant's product, in its own PostgreSQL: read in the order of changes, and never written. */
import { Client } from 'pg';
import type { ProductQuery } from '../../contract/tenant.ts';

/** A row as the database writes it: every column as text, so that no number is rounded on its way. */
export type ProductRow = Readonly<Record<string, string | null>>;

/** The place of a row in the order of changes. */
export interface Position {
  readonly updatedAt: string;
  readonly id: string;
}

export interface ProductDatabase {
  /** The next rows after a position; the first ones without it. */
  readonly changed: (query: ProductQuery, after: Position | undefined) => Promise<readonly ProductRow[]>;
  readonly close: () => Promise<void>;
}

export interface DatabaseOptions {
  /** Zone of columns that name none. */
  readonly zone: string;
  /** Certificate authority in PEM, where no public one signed the server's certificate. */
  readonly authority?: string | undefined;
  readonly rowsMax: number;
}

const TIMEOUT_MS = 30_000;
/** A row may be committed later than its own time says: until then it may still be followed by earlier ones. */
const OVERLAP = '10 minutes';

const instant = (column: string): string =>
  `to_char(${column}::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${column}`;

const COLUMNS: Readonly<Record<ProductQuery['kind'], string>> = {
  subscriptions: `customer::text, status::text, currency::text, mrr::text, ${instant('started_at')}, ${instant('canceled_at')}`,
  usage: 'day::text, value::text',
};

/** A standby shows the past: there, what is settled is counted from what it has replayed. */
const SHOWN = 'least(now(), coalesce(pg_last_xact_replay_timestamp(), now()))';

const quoted = (name: string): string =>
  name
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');

const selectOf = ({ kind, relation }: ProductQuery, isFirst: boolean, rowsMax: number): string =>
  `SELECT id::text AS id, updated_at::text AS updated_at, ${instant('updated_at').replace(/ AS .*/, '')} AS changed_at,
    (updated_at::timestamptz < ${SHOWN} - interval '${OVERLAP}')::text AS settled, deleted::text AS deleted, ${COLUMNS[kind]}
  FROM ${quoted(relation)} AS told
  WHERE told.updated_at IS NOT NULL${isFirst ? '' : ' AND (told.updated_at, told.id) > ($1, $2)'}
  ORDER BY told.updated_at, told.id LIMIT ${rowsMax}`;

const LOCAL = new Set(['127.0.0.1', 'localhost']);

const clientOf = (address: string, authority: string | undefined): Client => {
  const url = new URL(address);
  return new Client({
    host: url.hostname,
    port: url.port === '' ? 5432 : Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ssl: LOCAL.has(url.hostname) ? false : { rejectUnauthorized: true, ...(authority && { ca: authority }) },
    application_name: 'capstack',
    connectionTimeoutMillis: 10_000,
    statement_timeout: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS + 5_000,
  });
};

/** @param address `postgres://user:password@host:port/database`; TLS with a verified certificate, except on this machine. */
export const connectProduct = async (
  address: string,
  { zone, authority, rowsMax }: DatabaseOptions,
): Promise<ProductDatabase> => {
  const client = clientOf(address, authority);
  // A connection that is lost between two queries fails the next one, which is enough.
  client.on('error', () => undefined);
  await client.connect();
  return {
    changed: async (query, after) => {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await client.query(
        "SELECT set_config('TimeZone', $1, true), set_config('DateStyle', 'ISO, YMD', true)",
        [zone],
      );
      const { rows } = await client.query<ProductRow>(
        selectOf(query, after === undefined, rowsMax),
        after === undefined ? [] : [after.updatedAt, after.id],
      );
      await client.query('COMMIT');
      return rows;
    },
    close: () => client.end(),
  };
};

export type ConnectProduct = typeof connectProduct;
