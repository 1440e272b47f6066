/** Turns what providers would send of one company into facts, as the pipeline reads it. */
import { diceOf } from '../../shared/backtest/generator/dice.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Fact } from '../../shared/event/fact.ts';
import { readUpdate } from '../../shared/providers/plaid/sync.ts';
import { PROVIDERS } from '../../shared/providers/provider.ts';
import { balanceTransaction, settledFacts } from '../../shared/providers/stripe/balance-transaction.ts';
import { type CivilDate, epochDay } from '../../shared/time/civil-date.ts';
import type { Telling } from './cash-world.ts';
import { ITEM } from './plaid-payloads.ts';
import { day } from './rows.ts';
import { event, transaction } from './stripe-payloads.ts';

export type Members = Readonly<Record<string, unknown>>;

export const FIRST: CivilDate = day('2026-01-05');
/** When everything has long been settled. */
export const SETTLED: CivilDate = day('2026-08-31');

export interface Teller {
  readonly settings: TenantSettings;
  readonly uniform: () => number;
  readonly between: (least: number, most: number) => number;
  readonly webhook: (source: string, name: string, body: unknown) => Telling;
  readonly fetched: (fields: Members) => Telling;
  readonly update: (
    name: string,
    page: { added?: Members[]; modified?: Members[]; removed?: Members[] },
  ) => Telling;
  readonly stripeEvent: (name: string, type: string, object: Members) => Telling;
}

export const secondsOn = (date: CivilDate): number => epochDay(date) * 86_400 + 43_200;

export const tellerOf = (settings: TenantSettings, seed: number): Teller => {
  const dice = diceOf(seed, 77, 0);
  let told = 0;
  let updates = 0;
  const webhook: Teller['webhook'] = (source, name, body) => {
    const reading = PROVIDERS.get(source)?.interpret(Buffer.from(JSON.stringify(body)), settings);
    const facts: Fact[] = [];
    if (reading?.outcome === 'facts')
      for (const each of reading.events) if ('fact' in each) facts.push(each.fact);
    if (reading?.outcome === 'quarantined' || reading?.outcome === 'malformed')
      throw new Error(`${name}: ${JSON.stringify(reading)}`);
    return { name, settings, facts };
  };
  return {
    settings,
    uniform: () => dice.uniform(0, 1),
    between: dice.integer,
    webhook,
    stripeEvent: (name, type, object) => {
      told += 1;
      const created = secondsOn(FIRST) + told * 60;
      return webhook('stripe', name, event(type, object, { id: `evt_${told}`, created }));
    },
    fetched: (fields) => {
      const read = balanceTransaction(transaction(fields));
      if (typeof read === 'string') throw new Error(read);
      return {
        name: `fetched ${fields['id']}`,
        settings,
        facts: settledFacts(read, undefined, settings) ?? [],
      };
    },
    update: (name, { added = [], modified = [], removed = [] }) => {
      updates += 1;
      const page = { added, modified, removed, next_cursor: `c${updates}`, has_more: false };
      const fetchedAt = `${SETTLED}T12:00:00.000Z`;
      const { events, unreadable } = readUpdate(
        { item: ITEM, since: null, fetchedAt, pages: [page] },
        updates,
        settings,
      );
      if (unreadable.length > 0) throw new Error(JSON.stringify(unreadable));
      return { name, settings, facts: events.flatMap((each) => ('fact' in each ? [each.fact] : [])) };
    },
  };
};
