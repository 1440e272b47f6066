import { startPostgres } from '../../postgres-server.ts';
import { holds, states, unchanged } from '../looks.ts';
import type { Body } from '../scene.ts';
import type { Story } from '../story.ts';

/** A product's tables, and what the page on sources says to make of them. */
const PRODUCT = `
  CREATE TABLE subscriptions (id bigint PRIMARY KEY, updated_at timestamptz, deleted_at timestamptz, customer_id text,
    status text, currency text, monthly_price numeric, started_at timestamptz, canceled_at timestamptz);
  CREATE TABLE seats_by_day (id text PRIMARY KEY, updated_at timestamptz, day date, seats integer);
  CREATE SCHEMA capstack;
  CREATE VIEW capstack.subscriptions AS SELECT id, updated_at, deleted_at IS NOT NULL AS deleted, customer_id AS customer, status,
    currency, round(monthly_price, 2) AS mrr, started_at, canceled_at FROM public.subscriptions;
  CREATE VIEW capstack.seats AS SELECT id, updated_at, false AS deleted, day, seats AS value FROM public.seats_by_day;
  CREATE ROLE capstack LOGIN CONNECTION LIMIT 2;
  ALTER ROLE capstack SET default_transaction_read_only = on;
  GRANT USAGE ON SCHEMA capstack TO capstack;
  GRANT SELECT ON capstack.subscriptions, capstack.seats TO capstack;`;

const ROWS = `
  INSERT INTO subscriptions VALUES
    (1, now() - interval '2 hours', NULL, 'globex', 'active', 'usd', 99.90, now() - interval '40 days', NULL),
    (2, now() - interval '1 hour', NULL, 'initech', 'active', 'usd', 250, now() - interval '20 days', NULL);
  INSERT INTO seats_by_day VALUES ('globex-1', now() - interval '1 hour', current_date - 1, 12);`;

const plan = ({ customer, mrrMinor }: Body): string =>
  `${customer} ${(Number(mrrMinor) / 100).toFixed(2)} a month`;

export const postgres: Story = {
  source: 'postgres',
  tells: 'subscriptions and usage in the product’s own database: no cash',
  connected: () => 'the database is read as the role capstack, whose address is stored as the credential url',
  section: () => ({
    postgres: {
      queries: [
        { name: 'plans', kind: 'subscriptions', relation: 'capstack.subscriptions' },
        { name: 'seats', kind: 'usage', relation: 'capstack.seats' },
      ],
    },
  }),
  play: async (scene) => {
    const server = await startPostgres();
    scene.keep(server.stop);
    await server.run(PRODUCT);
    await scene.store('postgres', 'url', server.address('capstack'));
    await scene.step(
      `two subscriptions and a count of seats are in ${server.address('capstack')}, and the hour strikes`,
      async () => {
        await server.run(ROWS);
        await scene.hour();
      },
      states('subscription', ['globex 99.90 a month', 'initech 250.00 a month'], plan),
      states('usage', ['seats 12'], ({ metric, value }) => `${metric} ${value}`),
      unchanged,
    );
    await scene.step('the hour strikes again', () => scene.hour(), unchanged, holds('postgres', 3));
    await scene.step(
      'globex takes a larger plan, initech is marked as deleted, and the hour strikes',
      async () => {
        await server.run(`UPDATE subscriptions SET monthly_price = 149.90, updated_at = now() WHERE id = 1;
          UPDATE subscriptions SET deleted_at = now(), updated_at = now() WHERE id = 2`);
        await scene.hour();
      },
      states('subscription', ['globex 149.90 a month'], plan),
      unchanged,
    );
  },
};
