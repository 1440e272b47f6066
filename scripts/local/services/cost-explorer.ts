/** AWS Cost Explorer: what an account's days cost, by service and record type, as it was put. */
import { createHash } from 'node:crypto';
import type { ProviderStub } from '../local-paths.ts';
import type { LocalService, ServiceResponse } from '../service.ts';
import { ServiceFault } from './fault.ts';
import { type Input, jsonService } from './json-protocol.ts';

export interface CostExplorerOptions {
  /** Most groups on a page. */
  readonly pageSize?: number;
  readonly now?: () => number;
}

export interface LocalCostExplorer {
  readonly service: LocalService;
  /** Takes what `/_control/costs` and `/_control/limits` are told. */
  readonly control: ProviderStub;
}

interface Row {
  readonly date: string;
  readonly service: string;
  readonly type: string;
  readonly amount: string;
}

interface Period {
  readonly Start: string;
  readonly End: string;
}

const METRIC = 'UnblendedCost';
const DAY = /^\d{4}-\d{2}-\d{2}$/;

const keyOf = ({ date, service, type }: Row): string => JSON.stringify([date, service, type]);

const invalid = (message: string): ServiceFault => new ServiceFault('ValidationException', message);

const dayAfter = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** The period of a request for days by service and record type; nothing else is answered here. */
const periodOf = ({ TimePeriod, Granularity, Metrics, GroupBy }: Input, today: string): Period => {
  const { Start = '', End = '' } = (TimePeriod ?? {}) as Partial<Period>;
  if (!DAY.test(Start) || !DAY.test(End)) throw invalid('Start time and end time are required as dates');
  if (Start >= End) throw invalid(`Start date (and hour) should be before end date (and hour)`);
  if (Start > today) throw invalid('Start date cannot be after today');
  const keys = ((GroupBy ?? []) as { Key?: string }[]).map(({ Key }) => Key).join();
  if (Granularity !== 'DAILY' || keys !== 'SERVICE,RECORD_TYPE' || (Metrics as string[]).join() !== METRIC)
    throw new Error('ce: only days by SERVICE and RECORD_TYPE are supported by the local runtime');
  return { Start, End };
};

const daysOf = (period: Period, rows: readonly Row[], month: string) => {
  const days = [];
  for (let date = period.Start; date < period.End; date = dayAfter(date)) {
    const groups = rows.filter((row) => row.date === date);
    days.push({
      TimePeriod: { Start: date, End: dayAfter(date) },
      Total: {},
      Groups: groups.map(({ service, type, amount }) => ({
        Keys: [service, type],
        Metrics: { [METRIC]: { Amount: amount, Unit: 'USD' } },
      })),
      Estimated: date.slice(0, 7) >= month,
    });
  }
  return days;
};

const answer = (status: number, body: object): ServiceResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/**
 * Pages end in the midst of a day, a token is good for its own request only and until something changes, a month is
 * estimated until it is over, and each answer shows what was put last: figures are restated without a word.
 */
export const localCostExplorer = ({
  pageSize = 200,
  now = Date.now,
}: CostExplorerOptions = {}): LocalCostExplorer => {
  const rows = new Map<string, Row>();
  let turnedAway = 0;
  let version = 0;

  const costAndUsage = (input: Input): object => {
    if (turnedAway > 0) {
      turnedAway -= 1;
      throw new ServiceFault('LimitExceededException', 'Rate exceeded');
    }
    const today = new Date(now()).toISOString().slice(0, 10);
    const { NextPageToken: token, ...request } = input;
    const period = periodOf(request, today);
    const asked = createHash('sha256').update(JSON.stringify(request)).digest('hex');
    const [of, from = 0, at] =
      typeof token === 'string'
        ? JSON.parse(Buffer.from(token, 'base64url').toString())
        : [asked, 0, version];
    if (of !== asked) throw new ServiceFault('RequestChangedException', 'The request changed between pages');
    if (at !== version) throw new ServiceFault('InvalidNextTokenException', 'The token is no longer good');
    const wanted = [...rows.values()]
      .filter(({ date }) => date >= period.Start && date < period.End)
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const shown = wanted.slice(from, from + pageSize);
    const isLast = from + pageSize >= wanted.length;
    const next = Buffer.from(JSON.stringify([asked, from + pageSize, version])).toString('base64url');
    return {
      GroupDefinitions: request['GroupBy'],
      ResultsByTime: daysOf(period, shown, today.slice(0, 7)),
      DimensionValueAttributes: [],
      ...(!isLast && { NextPageToken: next }),
    };
  };

  return {
    service: jsonService({
      signingName: 'ce',
      target: 'AWSInsightsIndexService',
      version: '1.1',
      operations: {
        GetCostAndUsage: {
          access: () => [{ action: 'ce:GetCostAndUsage', resource: '*' }],
          handle: costAndUsage,
        },
      },
    }),
    control: ({ path, body }) => {
      const asked = JSON.parse(body.toString() || '{}') as Record<string, unknown>;
      if (path === '/_control/limits') {
        turnedAway = Number(asked['times'] ?? 1);
        return answer(200, {});
      }
      if (path !== '/_control/costs') return answer(404, { message: `no such control: ${path}` });
      for (const row of (asked['put'] ?? []) as Row[]) rows.set(keyOf(row), row);
      for (const row of (asked['remove'] ?? []) as Row[]) rows.delete(keyOf(row));
      version += 1;
      return answer(200, { rows: rows.size });
    },
  };
};
