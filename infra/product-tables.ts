/** Tables of a tenant's product in its own database, in the configuration. */
import * as v from 'valibot';
import type { ProductTables } from '../shared/contract/tenant.ts';
import { section } from './section.ts';
import { isTimeZone } from './time-zone.ts';

/** What the entry adds to a tenant, as written. */
export interface TablesOfProduct {
  readonly postgres?: ProductTables | undefined;
}

const query = section({
  name: v.pipe(
    v.string('expected a name for the query'),
    v.regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'use 1 to 64 of a-z, 0-9, - and _'),
  ),
  kind: v.picklist(['subscriptions', 'usage'], 'expected subscriptions or usage'),
  relation: v.pipe(
    v.string('expected a view or table'),
    v.regex(
      /^[a-z_][a-z0-9_]{0,62}\.[a-z_][a-z0-9_]{0,62}$/,
      'write schema and view, such as capstack.subscriptions',
    ),
  ),
});

const postgres: v.GenericSchema<unknown, ProductTables> = section({
  zone: v.optional(
    v.pipe(
      v.string('expected a time zone'),
      v.check(isTimeZone, 'not a time zone; write one such as Europe/Berlin or UTC'),
    ),
    'UTC',
  ),
  queries: v.pipe(
    v.array(query, 'expected a list with one entry per query'),
    v.minLength(1, 'name at least one query'),
    v.maxLength(10, 'name at most 10 queries'),
    v.check(
      (queries) => new Set(queries.map(({ name }) => name)).size === queries.length,
      'give each query a name of its own',
    ),
  ),
});

export const tablesOfProduct: {
  readonly postgres: v.OptionalSchema<typeof postgres, undefined>;
} = { postgres: v.optional(postgres) };
