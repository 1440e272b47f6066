import * as v from 'valibot';
import type { CashFact } from '../../event/fact.ts';
import { FAILED_DEBIT, type StatementFact, statementFact } from '../../event/statement.ts';
import { type Minor, minorOf } from '../../money/money.ts';
import { addBusinessDays } from '../../time/business-days.ts';
import { type CivilDate, civilDateIn } from '../../time/civil-date.ts';
import { baseOf, dueKeyOf, type Fetching, movedFact } from './facts.ts';
import { DOLLARS, gustoDay } from './payroll.ts';
import { gustoId } from './webhook.ts';

/** Gusto writes these amounts as text in lists and as numbers elsewhere. */
const amount: v.GenericSchema<unknown, Minor> = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform((told) => minorOf(String(told), DOLLARS)),
  v.custom<Minor>((minor) => typeof minor === 'bigint'),
);

const schema = v.object({
  uuid: gustoId,
  status: v.string(),
  latest_error_code: v.nullish(v.string()),
  original_debit_date: v.nullish(gustoDay),
  check_date: v.nullish(gustoDay),
  payroll_uuid: v.nullish(gustoId),
  contractor_payment_uuids: v.nullish(v.array(gustoId)),
  amount_outstanding: amount,
});

/** What Gusto could not debit. */
export interface RecoveryCase {
  readonly id: string;
  /** Whether Gusto will take it: not once it is recovered, nor once it gave up. */
  readonly owed: boolean;
  readonly isLost: boolean;
  readonly status: string;
  readonly error: string | undefined;
  /** When it was thought to have left. */
  readonly debited: CivilDate | undefined;
  readonly outstandingMinor: Minor;
  /** The payroll or the contractor payments that it is about. */
  readonly about: readonly string[];
  readonly category: 'payroll' | 'contractor';
}

/** Reads a recovery case, or says what is wrong with it. */
export const readRecoveryCase = (value: unknown): RecoveryCase | string => {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) return `recovery case: ${v.getDotPath(parsed.issues[0]) ?? 'case'} is not understood`;
  const { uuid: id, status, amount_outstanding: outstandingMinor, ...told } = parsed.output;
  const isLost = status === 'lost';
  return {
    id,
    owed: status !== 'recovered' && !isLost,
    isLost,
    status,
    error: told.latest_error_code ?? undefined,
    debited: told.original_debit_date ?? told.check_date ?? undefined,
    outstandingMinor,
    about: [...(told.payroll_uuid ? [told.payroll_uuid] : []), ...(told.contractor_payment_uuids ?? [])],
    category: told.payroll_uuid ? 'payroll' : 'contractor',
  };
};

export interface RecoveryKeys {
  /** Money that was thought to have left and did not. */
  readonly returned: string;
  /** What left in its place, later. */
  readonly taken: string;
  readonly due: string;
}

export const recoveryKeys = (company: string, id: string): RecoveryKeys => {
  const of = `gusto:${company}:recovery:${id}`;
  // What was taken settles nothing of what is still due, which is the rest of it: so they are no pair by name.
  return { returned: `${of}:returned`, taken: `${of}:taken`, due: dueKeyOf(of) };
};

/** What was told of a case before. */
export interface KnownRecovery {
  readonly returnedMinor: Minor;
  readonly returnedOn?: CivilDate | undefined;
  readonly taken?: { readonly amountMinor: Minor; readonly date: CivilDate } | undefined;
  readonly dueDate?: CivilDate | undefined;
}

/** A second debit takes so long. */
const REDEBIT_BUSINESS_DAYS = 4;

/**
 * What a case says of the company's money. The payroll keeps its legs: what of them did not leave is given back on their day,
 * leaves when it is recovered, and until then is a commitment within days. A case that was over when it was first seen
 * changes nothing.
 */
export const recoveryFacts = (
  found: RecoveryCase,
  known: KnownRecovery,
  fetching: Fetching,
): readonly (StatementFact | CashFact)[] => {
  const { id, owed, isLost, status, error, debited, outstandingMinor, category } = found;
  const today = civilDateIn(fetching.settings.accountingZone, fetching.fetchedMs);
  const keys = recoveryKeys(fetching.company, id);
  const open = owed || isLost ? outstandingMinor : 0n;
  const seen = owed && open > known.returnedMinor ? open : known.returnedMinor;
  const taken = seen > open ? seen - open : 0n;
  const metadata = { recovery_case: id, status, ...(error !== undefined && { error }) };
  const base = (key: string, date: CivilDate) => baseOf(key, date, 'debit that failed', metadata, fetching);
  const line = (amountMinor: Minor) => (amountMinor === 0n ? [] : [{ category, amountMinor }]);
  const told = known.dueDate;
  const due =
    told !== undefined && (!owed || told > today) ? told : addBusinessDays(today, REDEBIT_BUSINESS_DAYS);
  const takenOn = known.taken?.amountMinor === -taken ? known.taken.date : today;
  return [
    movedFact(base(keys.returned, debited ?? known.returnedOn ?? today), line(seen)),
    movedFact(base(keys.taken, takenOn), line(-taken)),
    statementFact(
      base(keys.due, due),
      'commitment',
      owed && open !== 0n
        ? {
            amountMinor: -open,
            currency: DOLLARS,
            dueDate: due,
            counterparty: 'Gusto',
            leg: FAILED_DEBIT,
            status: 'expected',
          }
        : null,
    ),
  ];
};
