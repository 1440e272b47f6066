import { randomUUID } from 'node:crypto';

/** A transaction as Plaid's API has it; what the stand-in needs of one. */
export interface Transaction {
  readonly transaction_id: string;
  readonly account_id: string;
  readonly [member: string]: unknown;
}

export interface TransactionsPage {
  readonly added: readonly Transaction[];
  readonly modified: readonly Transaction[];
  readonly removed: readonly Pick<Transaction, 'transaction_id' | 'account_id'>[];
  readonly next_cursor: string;
  readonly has_more: boolean;
}

/** One bank login as time goes by. */
export interface ItemHistory {
  /** Adds a transaction, or changes the one of that id. */
  readonly put: (transaction: Transaction) => void;
  readonly remove: (transactionId: string) => void;
  readonly current: () => readonly Transaction[];
  /** Fails that many requests for a page after the first, as if the bank had changed something meanwhile. */
  readonly failPages: (times: number) => void;
  /** The code with which the login is refused from now on; none repairs it. */
  readonly breakLogin: (code: string | undefined) => void;
  readonly broken: () => string | undefined;
  /** What changed since `cursor`, in pages of `count` rows; `mutated` where something changed between two pages. */
  readonly page: (cursor: string | undefined, count: number) => TransactionsPage | 'mutated';
}

/** A place in the history, and while pages are being read, where they began, where they end and how far they are. */
interface Cursor {
  readonly run: string;
  readonly since: number;
  readonly until?: number;
  readonly offset?: number;
}

type Change = readonly [id: string, transaction: Transaction | undefined];

type Row =
  | { readonly list: 'added' | 'modified'; readonly row: Transaction }
  | { readonly list: 'removed'; readonly row: Pick<Transaction, 'transaction_id' | 'account_id'> };

const encode = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** Where each transaction stands after so many changes. */
const stateAt = (changes: readonly Change[], position: number): Map<string, Transaction> => {
  const state = new Map<string, Transaction>();
  for (const [id, transaction] of changes.slice(0, position))
    if (transaction === undefined) state.delete(id);
    else state.set(id, transaction);
  return state;
};

/** The net change: what came and went in between is not mentioned. Removals come first, as nothing forbids. */
const rowsBetween = (changes: readonly Change[], since: number, until: number): readonly Row[] => {
  const [before, after] = [stateAt(changes, since), stateAt(changes, until)];
  const touched = [...new Set(changes.slice(since, until).map(([id]) => id))];
  const removed = touched.flatMap((id): Row[] => {
    const gone = after.has(id) ? undefined : before.get(id);
    return gone === undefined
      ? []
      : [{ list: 'removed', row: { transaction_id: id, account_id: gone.account_id } }];
  });
  const present = touched.flatMap((id): Row[] => {
    const row = after.get(id);
    return row === undefined ? [] : [{ list: before.has(id) ? 'modified' : 'added', row }];
  });
  return [...removed, ...present];
};

/** The history of one item, as `/transactions/sync` tells it. A cursor of an earlier run tells it from its beginning. */
export const itemHistory = (): ItemHistory => {
  const run = randomUUID();
  const changes: Change[] = [];
  let failures = 0;
  let brokenBy: string | undefined;

  const decode = (cursor: string | undefined): Cursor => {
    const beginning = { run, since: 0 };
    if (cursor === undefined || cursor === '') return beginning;
    const found = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Cursor;
    return found.run === run ? found : beginning;
  };

  return {
    put: (transaction) => changes.push([transaction.transaction_id, transaction]),
    remove: (id) => changes.push([id, undefined]),
    current: () => [...stateAt(changes, changes.length).values()],
    failPages: (times) => {
      failures = times;
    },
    breakLogin: (code) => {
      brokenBy = code;
    },
    broken: () => brokenBy,
    page: (cursor, count) => {
      const { since, until = changes.length, offset = 0 } = decode(cursor);
      if (offset > 0 && failures > 0) {
        failures -= 1;
        return 'mutated';
      }
      if (until !== changes.length) return 'mutated';
      const rows = rowsBetween(changes, since, until);
      const [shown, rest] = [rows.slice(offset, offset + count), rows.slice(offset + count)];
      const of = (list: Row['list']) => shown.filter((each) => each.list === list).map(({ row }) => row);
      return {
        added: of('added') as Transaction[],
        modified: of('modified') as Transaction[],
        removed: of('removed'),
        next_cursor: encode(
          rest.length > 0 ? { run, since, until, offset: offset + count } : { run, since: until },
        ),
        has_more: rest.length > 0,
      };
    },
  };
};
