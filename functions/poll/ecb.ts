import type { StateStore } from '../../shared/aws/state-store.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type FetchedFor, type KeepDeps, noteProgress, recordFetched } from '../../shared/fetch/fetched.ts';
import { firstRateDay, REFERENCE } from '../../shared/fx/rates.ts';
import type { Delivery } from '../../shared/intake/delivery.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import type { EcbApi, RateFile } from '../../shared/providers/ecb/api.ts';
import {
  ECB,
  ECB_NORMALISER,
  type PublishedDay,
  rateStatement,
  readReferenceRates,
} from '../../shared/providers/ecb/reference-rates.ts';
import { addBusinessDays } from '../../shared/time/business-days.ts';
import {
  addDays,
  type CivilDate,
  civilDate,
  civilDateIn,
  daysBetween,
} from '../../shared/time/civil-date.ts';

export interface EcbDeps extends KeepDeps {
  readonly state: Pick<StateStore, 'overview' | 'statements'>;
  readonly ecb: EcbApi;
}

/** Rates of a currency that are in the ledger: from the first day on, without a gap. */
interface Span {
  readonly from: CivilDate;
  readonly through: CivilDate;
}
type Spans = Readonly<Record<string, Span>>;

const ZONE = 'Europe/Berlin';
/** Rates are published at four in the afternoon on working days. */
const PUBLISHED_MS = 16 * 3_600_000;
/** The file of 90 days is not trusted with its last weeks. */
const QUARTER_DAYS = 75;

/** First day whose rates are needed, by currency: none where all money is in the base currency. */
const needed = async (
  { state }: EcbDeps,
  { tenant, baseCurrency }: TenantSettings,
): Promise<ReadonlyMap<string, CivilDate>> => {
  const [{ months }, invoices, commitments] = await Promise.all([
    state.overview(tenant),
    state.statements(tenant, 'invoice'),
    state.statements(tenant, 'commitment'),
  ]);
  const told = [
    ...months.flatMap(({ month, accounts }) => accounts.map(({ currency }) => ({ month, currency }))),
    ...[...invoices, ...commitments].flatMap(({ month, statements }) =>
      statements.map(({ body: { currency } }) => ({ month, currency })),
    ),
  ].filter(({ currency }) => currency !== baseCurrency);
  const [first] = told.map(({ month }) => month).sort();
  const day = civilDate(`${first}-01`);
  if (day === undefined) return new Map();
  const currencies = new Set([baseCurrency, ...told.map(({ currency }) => currency)]);
  currencies.delete(REFERENCE);
  return new Map([...currencies].sort().map((each) => [each, firstRateDay(day)]));
};

/** The smallest file that holds what is missing; undefined where nothing is. */
const fileFor = (
  wanted: ReadonlyMap<string, CivilDate>,
  known: Spans,
  latest: CivilDate,
): RateFile | undefined => {
  const missing = [...wanted].map(([currency, from]) => {
    const span = known[currency];
    return span === undefined || span.from > from ? from : addDays(span.through, 1);
  });
  const [first] = missing.sort();
  if (first === undefined || first > latest) return undefined;
  if (daysBetween(first, latest) > QUARTER_DAYS) return 'history';
  return first > addBusinessDays(latest, -1) ? 'daily' : 'quarter';
};

const keep = async (
  deps: EcbDeps,
  of: FetchedFor,
  file: RateFile,
  xml: string,
  days: readonly PublishedDay[],
  wanted: ReadonlyMap<string, CivilDate>,
): Promise<Delivery> => {
  const facts = days.flatMap(({ date, rates }) =>
    [...wanted].flatMap(([currency, from]) => {
      const rate = rates.get(currency);
      return rate === undefined || date < from ? [] : [rateStatement(date, currency, rate)];
    }),
  );
  return recordFetched(deps, of, file, { file, xml }, { facts, unreadable: [] });
};

/**
 * Reads the reference rates of the currencies that a tenant has, back to the first day on which it had any, and from then on
 * once a day. Who has only the base currency asks for none.
 */
export const sweepRates = async (
  deps: EcbDeps,
  settings: TenantSettings,
  context: Invocation,
): Promise<void> => {
  if (settings.fx !== ECB) return;
  const wanted = await needed(deps, settings);
  const last = wanted.size === 0 ? undefined : await deps.ledger.lastProgress(settings.tenant, ECB);
  const known: Spans = last === undefined ? {} : (JSON.parse(last.cursor) as Spans);
  const latest = addBusinessDays(addDays(civilDateIn(ZONE, context.nowMs - PUBLISHED_MS), 1), -1);
  const file = fileFor(wanted, known, latest);
  if (file === undefined) return;
  const of: FetchedFor = { settings, source: ECB, normaliser: ECB_NORMALISER, context };
  const xml = await deps.ecb.rates(file);
  const [first] = [...wanted.values()].sort();
  const days = readReferenceRates(xml, first);
  if (typeof days === 'string') {
    await recordFetched(
      deps,
      of,
      file,
      {},
      { facts: [], unreadable: [{ part: { file, xml }, reason: days }] },
    );
    return;
  }
  const delivery = await keep(deps, of, file, xml, days, wanted);
  const newest = days[0]?.date;
  if (newest === undefined) return;
  const spans = Object.fromEntries(
    [...wanted].map(([currency, from]) => {
      const since = file === 'daily' ? (known[currency]?.from ?? newest) : from;
      return [currency, { from: since, through: newest }];
    }),
  );
  const cursor = JSON.stringify({ ...known, ...spans });
  if (cursor !== last?.cursor) await noteProgress(deps, of, ECB, (last?.ordinal ?? 0) + 1, cursor, delivery);
};
