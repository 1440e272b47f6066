import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import { liveView } from '../../shared/aws/live-view.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import type { BucketRow } from '../../shared/ledger/row.ts';
import { decimalOf } from '../../shared/money/money.ts';
import { accountingDay } from '../../shared/runway/accounting.ts';
import { runwayOf } from '../../shared/runway/runway.ts';
import { type CivilDate, civilDate, civilDateIn, epochDay } from '../../shared/time/civil-date.ts';
import { instantMs, isoInstant } from '../../shared/time/instant.ts';
import { pastState } from './past.ts';

export interface ReplayDeps {
  readonly ledger: Pick<LedgerStore, 'bucketRows'>;
  readonly state: Pick<StateStore, 'overview' | 'statements'>;
}

const HOUR_MS = 3_600_000;

/** An instant of a day in the tenant's zone: its last hour that is on the clock everywhere. */
const instantOn = (settings: TenantSettings, date: CivilDate): number => {
  const noonMs = epochDay(date) * 24 * HOUR_MS + 12 * HOUR_MS;
  const hours = [11, 8, 0, -12, -13, 12, 13, 24];
  const found = hours
    .map((hour) => noonMs + hour * HOUR_MS)
    .find((ms) => civilDateIn(settings.accountingZone, ms) === date);
  return found ?? noonMs;
};

/** By an instant, or by the end of a day in the tenant's zone. */
const knownBy = (settings: TenantSettings, text: string): ((row: BucketRow) => boolean) | undefined => {
  const date = civilDate(text);
  if (date !== undefined)
    return ({ recordedAt }) => civilDateIn(settings.accountingZone, Date.parse(recordedAt)) <= date;
  const ms = instantMs(text);
  return ms === undefined ? undefined : ({ recordedAt }) => Date.parse(recordedAt) <= ms;
};

/** `GET /v1/replay`: the figures of a day as they were known at some time, made anew from the ledger. */
export const answerReplay = async (
  deps: ReplayDeps,
  { query, nowMs }: Pick<HttpRequest, 'query' | 'nowMs'>,
  settings: TenantSettings,
): Promise<HttpResponse> => {
  const today = accountingDay(settings, nowMs);
  const asOf = civilDate(query['as_of'] ?? today);
  const knownText = query['known'] ?? isoInstant(nowMs);
  const known = knownBy(settings, knownText);
  if (asOf === undefined || asOf > today)
    return problem(400, 'Bad Request', 'as_of: write a day that has begun, as YYYY-MM-DD');
  if (known === undefined)
    return problem(400, 'Bad Request', 'known: write a day as YYYY-MM-DD, or an instant with its offset');
  const { months } = await deps.state.overview(settings.tenant);
  const first = months.map(({ month }) => month).sort()[0] ?? asOf.slice(0, 7);
  const past = await pastState(
    deps.ledger,
    settings,
    { from: `${first}-01` as CivilDate, to: asOf },
    known,
    async (subject) => (await deps.state.statements(settings.tenant, subject)).map(({ month }) => month),
  );
  const atMs = asOf === today ? nowMs : instantOn(settings, asOf);
  const view = await liveView({ state: past, daysRead: new Map() }, settings, atMs);
  const { computed_at: _, ...runway } = JSON.parse(runwayOf(settings, view, atMs).document);
  return json(200, {
    as_of: asOf,
    known: knownText,
    ledger_rows: view.rows,
    balances: Object.fromEntries(
      [...view.balances].sort().map(([currency, minor]) => [currency, decimalOf(minor, currency)]),
    ),
    runway,
  });
};
