import type { DayAggregate } from '../../shared/aggregate/day.ts';
import type { MonthAggregate } from '../../shared/aggregate/month.ts';
import type { PlanAggregate, ReviewAggregate } from '../../shared/aggregate/plan.ts';
import { sawAll } from '../../shared/aggregate/reading.ts';
import type { StatementsAggregate } from '../../shared/aggregate/statements.ts';
import type { Overview, StateStore, StoredForecast } from '../../shared/aws/state-store.ts';
import { documentOf, parseDocument } from '../../shared/canonical/document.ts';
import type { Subject } from '../../shared/event/statement.ts';
import type { Adaptation } from '../../shared/runway/adaptation.ts';

export type StateOperation = keyof StateStore;

/** Surrounds every operation: it may throw before or after running it, or wait, so that others come between. */
export type AroundState = <Result>(operation: StateOperation, run: () => Result) => Promise<Result>;

/** One aggregate or forecast as it is stored. `order` is what its fence compares. */
export interface StateItem {
  readonly key: string;
  readonly order: number | string;
  readonly hash: string;
  /** Of the rows that a reading of a bucket saw; none for the others. */
  readonly names: readonly string[];
  readonly document: string;
}

export interface MemoryState extends StateStore {
  /** Every stored aggregate and forecast, in key order. */
  readonly items: () => readonly StateItem[];
  /** Loses everything, as a dropped table does. */
  readonly drop: () => void;
}

export interface MemoryStateOptions {
  readonly around?: AroundState;
  /** What keeps an older reading out; all but `names` are broken builds. */
  readonly fence?: 'names' | 'row counts' | 'none';
  readonly onWrite?: (item: StateItem, replaced: StateItem | undefined) => void;
}

const through: AroundState = async (_operation, run) => run();

/** Items are text, so that nobody shares an object with the store. */
const fencedItems = ({ fence = 'names', onWrite }: MemoryStateOptions) => {
  const items = new Map<string, StateItem>();
  const put = (item: StateItem, admits: (stored: StateItem) => boolean): boolean => {
    const stored = items.get(item.key);
    if (fence !== 'none' && stored !== undefined && !admits(stored)) return false;
    items.set(item.key, item);
    onWrite?.(item, stored);
    return true;
  };
  return {
    items,
    putReading: (
      key: string,
      aggregate: { readonly rows: number; readonly rowsHash: string },
      names: readonly string[],
      replacing?: string,
    ): boolean =>
      put(
        { key, order: aggregate.rows, hash: aggregate.rowsHash, names, document: documentOf(aggregate) },
        (stored) =>
          stored.hash === replacing ||
          (fence === 'names'
            ? sawAll(names, stored.names)
            : Number(stored.order) < aggregate.rows || stored.hash === aggregate.rowsHash),
      ),
    putMonth: (key: string, month: MonthAggregate, replacing?: string): boolean =>
      put(
        { key, order: month.rows, hash: month.daysHash, names: [], document: documentOf(month) },
        (stored) =>
          stored.hash === replacing ||
          Number(stored.order) < month.rows ||
          (stored.order === month.rows && stored.hash === month.daysHash),
      ),
    putAdaptation: (key: string, adaptation: Adaptation): boolean =>
      put(
        { key, order: adaptation.fence, hash: '', names: [], document: documentOf(adaptation) },
        (stored) => stored.order <= adaptation.fence,
      ),
    putForecast: (key: string, { fence, document }: StoredForecast): boolean =>
      put({ key, order: fence, hash: '', names: [], document }, (stored) => stored.order <= fence),
  };
};

/** The state table in memory, with its fences, and as unreliable as `around` makes it. */
export const memoryStateStore = (options: MemoryStateOptions = {}): MemoryState => {
  const { around = through } = options;
  const { items, putReading, putMonth, putAdaptation, putForecast } = fencedItems(options);
  const requests = new Map<string, number>();
  const read = <Aggregate>(key: string): Aggregate | undefined => {
    const item = items.get(key);
    return item && parseDocument<Aggregate>(item.document);
  };
  const under = <Aggregate>(prefix: string): Aggregate[] =>
    [...items.keys()]
      .filter((key) => key.startsWith(prefix))
      .sort()
      .flatMap((key) => read<Aggregate>(key) ?? []);

  return {
    putDay: (tenant, day, names, replacing) =>
      around('putDay', () =>
        putReading(
          `${tenant}/day/${day.date}/${day.slice.toString().padStart(2, '0')}`,
          day,
          names,
          replacing,
        ),
      ),
    putPlan: (tenant, plan, names, replacing) =>
      around('putPlan', () => putReading(`${tenant}/plan`, plan, names, replacing)),
    putReview: (tenant, review, names, replacing) =>
      around('putReview', () => putReading(`${tenant}/review`, review, names, replacing)),
    putStatements: (tenant, stated, names, replacing) =>
      around('putStatements', () =>
        putReading(`${tenant}/statements/${stated.subject}/${stated.month}`, stated, names, replacing),
      ),
    statements: <Of extends Subject>(tenant: string, subject: Of, months?: readonly string[]) =>
      around('statements', () =>
        under<StatementsAggregate<Of>>(`${tenant}/statements/${subject}/`).filter(
          ({ month }) => months === undefined || months.includes(month),
        ),
      ),
    putMonth: (tenant, month, replacing) =>
      around('putMonth', () => putMonth(`${tenant}/month/${month.month}`, month, replacing)),
    putAdaptation: (tenant, adaptation) =>
      around('putAdaptation', () => putAdaptation(`${tenant}/adaptation`, adaptation)),
    putForecast: (tenant, forecast) =>
      around('putForecast', () => putForecast(`${tenant}/forecast`, forecast)),
    daysOfMonth: (tenant, month) =>
      around('daysOfMonth', () => under<DayAggregate>(`${tenant}/day/${month}-`)),
    overview: (tenant) =>
      around('overview', (): Overview => {
        const adaptation = read<Adaptation>(`${tenant}/adaptation`);
        return {
          months: under<MonthAggregate>(`${tenant}/month/`),
          plan: read<PlanAggregate>(`${tenant}/plan`),
          review: read<ReviewAggregate>(`${tenant}/review`),
          ...(adaptation && { adaptation }),
        };
      }),
    forecast: (tenant) =>
      around('forecast', () => {
        const item = items.get(`${tenant}/forecast`);
        return item && { fence: String(item.order), document: item.document };
      }),
    countRequest: (subject, minute) =>
      around('countRequest', () => {
        const count = (requests.get(`${subject}/${minute}`) ?? 0) + 1;
        requests.set(`${subject}/${minute}`, count);
        return count;
      }),
    items: () => [...items.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
    drop: () => items.clear(),
  };
};
