import type { Archive } from '../../shared/aws/archive.ts';
import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import { canonicalJson, sha256Of } from '../../shared/canonical/canonical.ts';
import { atMost } from '../../shared/concurrency/at-most.ts';
import { METRICS } from '../../shared/contract/names.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { CashFact, Fact } from '../../shared/event/fact.ts';
import {
  type EventOutcome,
  overallStatus,
  type Recorded,
  recordDelivery,
} from '../../shared/intake/record.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { bucketKey } from '../../shared/ledger/bucket.ts';
import { contentHashOf } from '../../shared/ledger/codec.ts';
import { decimalOf } from '../../shared/money/money.ts';
import { CSV, type StatementFact, statementFacts } from '../../shared/providers/csv/facts.ts';
import {
  MAX_COVERAGE_DAYS,
  MAX_ROWS,
  readStatement,
  type Statement,
} from '../../shared/providers/csv/request.ts';
import { accountingDay } from '../../shared/runway/accounting.ts';
import { addDays, type CivilDate, daysBetween } from '../../shared/time/civil-date.ts';
import { closingNews } from './closing.ts';
import { isToldByPlaid, type NotCounted, notCounted } from './covered.ts';
import { type DayRows, knownOf, missingFrom, namedOtherwise } from './known.ts';
import { type Opening, openingOf } from './opening.ts';

export interface ImportDeps {
  readonly ledger: LedgerStore;
  readonly archive: Archive;
}

const NORMALISER = 'csv/1';
/** Lambda takes 6 MB, in which every quote and line end of a body in JSON is escaped once more. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
const LISTED = 50;
/** Buckets read at a time: enough to hide the latency of single reads, few enough for one connection pool. */
const CONCURRENCY = 16;

/** What was told of these days. Read through the index, which may lag behind by moments. */
const rowsWithin = async (
  ledger: LedgerStore,
  { tenant, slices }: TenantSettings,
  from: CivilDate,
  to: CivilDate,
): Promise<readonly DayRows[]> => {
  const buckets = Array.from({ length: (daysBetween(from, to) + 1) * slices }, (_, index) => ({
    ...{
      kind: 'day' as const,
      tenant,
      date: addDays(from, Math.floor(index / slices)),
      slice: index % slices,
    },
  }));
  const days: DayRows[] = [];
  await atMost(CONCURRENCY, buckets, async (bucket) => {
    days.push({ date: bucket.date, rows: await ledger.bucketRows(bucketKey(bucket)) });
  });
  return days;
};

const refusedLines = (problems: readonly string[], problemCount: number): HttpResponse =>
  json(
    400,
    {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: `${problems[0]}${problemCount > 1 ? ` (and ${problemCount - 1} more)` : ''}; nothing was stored`,
      problems,
      problem_count: problemCount,
    },
    { 'content-type': 'application/problem+json' },
  );

const count = (events: readonly EventOutcome[], status: EventOutcome['status']): number =>
  events.filter((event) => event.status === status).length;

const answerOf = (
  statement: Statement,
  facts: readonly StatementFact[],
  opening: Opening,
  { status, events }: Recorded,
  missing: readonly CashFact[],
  uncounted: NotCounted | undefined,
): HttpResponse => {
  const { account, currency, coverage, lines, repeatedLines } = statement;
  const rows = events.slice(0, facts.length);
  return json(200, {
    status,
    account,
    currency,
    coverage: { from: coverage.from, to: coverage.to },
    rows: lines.length + repeatedLines,
    accepted: count(rows, 'accepted'),
    duplicates: count(rows, 'duplicate') + repeatedLines,
    conflicts: count(rows, 'conflict'),
    conflicting_lines: facts
      .flatMap(({ line }, index) => (rows[index]?.status === 'conflict' ? [line] : []))
      .slice(0, LISTED),
    discrepancies: missing.slice(0, LISTED).map((fact) => ({
      date: fact.date,
      amount: decimalOf(fact.lines[0]?.amountMinor ?? 0n, currency),
      ...(fact.description === undefined ? {} : { description: fact.description }),
    })),
    discrepancy_count: missing.length,
    ...(uncounted && { not_counted: uncounted }),
    ...(opening.kind === 'new' || opening.kind === 'known'
      ? {
          opening_balance: {
            amount: decimalOf(statement.openingBalanceMinor ?? 0n, currency),
            date: opening.fact.date,
            status: opening.kind === 'known' ? 'duplicate' : (events.at(-1)?.status ?? 'accepted'),
          },
        }
      : {}),
    ...(statement.closingBalanceMinor === undefined
      ? {}
      : {
          closing_balance: {
            amount: decimalOf(statement.closingBalanceMinor, currency),
            date: coverage.to,
          },
        }),
  });
};

/**
 * The file as it came and who sent it; sent again by the same person it is the same delivery. Rows that were just read in the
 * ledger as they are here are not written once more: so a file cut short is taken up where it was, however long it is.
 */
const store = async (
  { ledger, archive }: ImportDeps,
  request: HttpRequest,
  tenant: TenantSettings,
  subject: string,
  facts: readonly Fact[],
  known: readonly CashFact[],
): Promise<Recorded> => {
  const body = Buffer.from(canonicalJson({ subject, import: request.rawBody.toString('utf8') }));
  const bodyHash = sha256Of(body);
  const delivery = {
    tenant: tenant.tenant,
    source: CSV,
    deliveryId: bodyHash,
    kept: await archive.keep(tenant.tenant, bodyHash, body),
    bodyHash,
    receivedAt: new Date(request.nowMs).toISOString(),
    traceparent: request.traceparent,
  };
  const standing = new Map(known.map((fact) => [fact.key, contentHashOf(fact)]));
  const news = facts.filter((fact) => standing.get(fact.key) !== contentHashOf(fact));
  const recorded = await recordDelivery(ledger, delivery, tenant, NORMALISER, {
    outcome: 'facts',
    events: news.map((fact) => ({ id: fact.key, fact })),
    doorbells: [],
  });
  const outcomes = new Map(recorded.events.map((event) => [event.id, event]));
  const events = facts.map(({ key }): EventOutcome => outcomes.get(key) ?? { id: key, status: 'duplicate' });
  return { status: overallStatus(events), events };
};

/** Everything that could speak against the file is looked at before its first row is stored. */
const append = async (
  deps: ImportDeps,
  request: HttpRequest,
  tenant: TenantSettings,
  subject: string,
  statement: Statement,
): Promise<{ readonly response: HttpResponse; readonly recorded?: Recorded }> => {
  const { account, coverage, openingBalanceMinor } = statement;
  const facts = statementFacts(statement, tenant);
  const days = await rowsWithin(deps.ledger, tenant, coverage.from, coverage.to);
  const known = knownOf(account, days);
  if (namedOtherwise(statement, facts, known))
    return {
      response: problem(
        409,
        'Conflict',
        `account ${account} has rows of these days under other names: some files had a column of bank ids and others had none, so every row would count twice; import it as before, with the same columns`,
      ),
    };
  const before =
    openingBalanceMinor === undefined && !isToldByPlaid(tenant, account)
      ? []
      : await rowsWithin(
          deps.ledger,
          tenant,
          addDays(coverage.from, -MAX_COVERAGE_DAYS),
          addDays(coverage.from, -1),
        );
  const earlier = knownOf(account, before);
  const opening = await openingOf(deps.ledger, tenant.tenant, statement, earlier, request.nowMs);
  if (opening.kind === 'contradiction') return { response: problem(409, 'Conflict', opening.problem) };
  const closing = await closingNews(deps.ledger, tenant.tenant, statement, request.nowMs);
  const told = [
    ...facts.map(({ fact }) => fact),
    ...closing,
    ...(opening.kind === 'new' ? [opening.fact] : []),
  ];
  const recorded = await store(deps, request, tenant, subject, told, known);
  const missing = missingFrom(statement, facts, known);
  const uncounted = notCounted(
    facts.map(({ fact }) => fact),
    [...before, ...days],
    tenant,
  );
  return { response: answerOf(statement, facts, opening, recorded, missing, uncounted), recorded };
};

/** `POST /v1/imports`: the rows of one account over the days for which the file is complete, all of them or none. */
export const importStatement = async (
  deps: ImportDeps,
  request: HttpRequest,
  tenant: TenantSettings,
  subject: string,
  context: Invocation,
): Promise<HttpResponse> => {
  if (request.rawBody.length > MAX_BODY_BYTES)
    return problem(413, 'Content Too Large', 'at most 2 MB: split the file by date, as capstack import does');
  const read = readStatement(request.rawBody, accountingDay(tenant, request.nowMs));
  if (read.kind === 'too_long')
    return problem(
      413,
      'Content Too Large',
      `${read.rows} rows, at most ${MAX_ROWS} a request: split the file by date, as capstack import does`,
    );
  if (read.kind === 'problems') return refusedLines(read.problems, read.problemCount);
  try {
    const { response, recorded } = await append(deps, request, tenant, subject, read.statement);
    if (recorded !== undefined)
      context.metrics(
        {
          [METRICS.eventsIngested]: count(recorded.events, 'accepted'),
          [METRICS.eventsDuplicate]: count(recorded.events, 'duplicate'),
          [METRICS.eventsRejected]: count(recorded.events, 'conflict'),
        },
        { tenant: tenant.tenant, source: CSV, result: recorded.status },
      );
    return response;
  } catch (error) {
    context.log.error('an import could not be stored', { tenant: tenant.tenant, error });
    return problem(
      503,
      'Service Unavailable',
      'the file is stored in part or not at all; send it again: what is stored counts once',
      { 'retry-after': '5' },
    );
  }
};
