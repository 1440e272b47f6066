/** Half a year of a company, told by everyone who knows of its money: Stripe, Chargebee, its bank, its files, its payrolls. */
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { openingFact, statementFacts } from '../../shared/providers/csv/facts.ts';
import type { Statement } from '../../shared/providers/csv/request.ts';
import { addBusinessDays } from '../../shared/time/business-days.ts';
import { addDays, type CivilDate, epochDay } from '../../shared/time/civil-date.ts';
import { billed, gustoPayday } from './cash-life-billing.ts';
import type { Telling } from './cash-world.ts';
import { payrollRun } from './payroll.ts';
import { bankRow } from './plaid-payloads.ts';
import { usd } from './rows.ts';
import { charge, dispute, payout, refund, transaction } from './stripe-payloads.ts';
import { FIRST, type Members, secondsOn, type Teller, tellerOf } from './teller.ts';

export interface Life {
  readonly settings: TenantSettings;
  /** All but what a payout goes through. */
  readonly others: readonly Telling[];
  /** Payouts from their beginning to their end at the bank. */
  readonly payouts: readonly Telling[];
  /** The bank's own lines alone. */
  readonly bank: readonly Telling[];
}

const dollars = (minor: number): number => Number((minor / 100).toFixed(2));

const line = (fields: Members): Members => ({
  ...bankRow({ merchant_name: null, counterparties: [], authorized_date: null, ...fields }),
});

/** Charges with their fetched truth; every third told twice, some refunded or disputed. */
const sales = (at: Teller, index: number, date: CivilDate): readonly Telling[] => {
  const amount = at.between(1_000, 90_000);
  const fee = Math.round(amount * 0.029) + 30;
  const [id, txn] = [`ch_${index}`, `txn_ch${index}`];
  const object = charge({
    id,
    amount,
    amount_captured: amount,
    balance_transaction: txn,
    created: secondsOn(date),
  });
  const told = [
    at.stripeEvent(`charge ${index}`, 'charge.succeeded', object),
    at.fetched({ id: txn, amount, fee, created: secondsOn(date), source: id }),
  ];
  if (index % 3 === 0) told.push(at.stripeEvent(`charge ${index} again`, 'charge.updated', object));
  if (index % 5 === 1) {
    const back = refund({
      id: `re_${index}`,
      amount: 500,
      balance_transaction: `txn_re${index}`,
      charge: id,
      created: secondsOn(date) + 60,
    });
    told.push(at.stripeEvent(`refund ${index}`, 'refund.created', back));
    told.push(
      at.fetched({
        id: `txn_re${index}`,
        amount: -500,
        fee: 0,
        type: 'refund',
        source: `re_${index}`,
        created: secondsOn(date) + 60,
      }),
    );
  }
  if (index % 7 === 2) {
    const withdrawal = transaction({
      id: `txn_dp${index}`,
      type: 'adjustment',
      amount: -amount,
      fee: 1500,
      source: `dp_${index}`,
      created: secondsOn(date) + 90,
    });
    const back = transaction({
      id: `txn_dpr${index}`,
      type: 'adjustment',
      amount,
      fee: 0,
      source: `dp_${index}`,
      created: secondsOn(date) + 99,
    });
    told.push(
      at.stripeEvent(`inquiry ${index}`, 'charge.dispute.created', dispute([], { id: `dp_${index}` })),
    );
    told.push(
      at.stripeEvent(
        `dispute ${index}`,
        'charge.dispute.funds_withdrawn',
        dispute([withdrawal], { id: `dp_${index}` }),
      ),
    );
    told.push(
      at.stripeEvent(
        `won ${index}`,
        'charge.dispute.funds_reinstated',
        dispute([withdrawal, back], { id: `dp_${index}` }),
      ),
    );
  }
  return told;
};

/** One payout: made, paid, fetched, seen at the bank; every fourth fails after it was paid and is taken back. */
const payoutLife = (at: Teller, index: number, date: CivilDate): readonly Telling[] => {
  const amount = at.between(20_000, 400_000);
  const arrives = addBusinessDays(date, 2);
  const [id, txn] = [`po_${index}`, `txn_po${index}`];
  const object = (fields: Members): Members =>
    payout({
      id,
      amount,
      balance_transaction: txn,
      created: secondsOn(date),
      arrival_date: epochDay(arrives) * 86_400,
      ...fields,
    });
  const told = [
    at.stripeEvent(`payout ${index} made`, 'payout.created', object({ status: 'in_transit' })),
    at.stripeEvent(`payout ${index} paid`, 'payout.paid', object({ status: 'paid' })),
    at.fetched({ id: txn, amount: -amount, fee: 0, type: 'payout', source: id, created: secondsOn(date) }),
    at.update(`deposit ${index}`, {
      added: [
        line({
          transaction_id: `dep-${index}`,
          amount: -dollars(amount),
          date: addDays(arrives, index % 2),
          name: 'STRIPE TRANSFER',
          personal_finance_category: { primary: 'INCOME' },
        }),
      ],
    }),
  ];
  if (index % 4 === 3) {
    const failure = {
      id: `txn_pof${index}`,
      amount,
      fee: 0,
      type: 'payout_failure',
      source: id,
      created: secondsOn(addDays(arrives, 2)),
    };
    told.push(
      at.stripeEvent(
        `payout ${index} failed`,
        'payout.failed',
        object({ status: 'failed', failure_balance_transaction: failure.id }),
      ),
    );
    told.push(at.fetched(failure));
    told.push(
      at.update(`return ${index}`, {
        added: [
          line({
            transaction_id: `ret-${index}`,
            amount: dollars(amount),
            date: addBusinessDays(arrives, 3),
            name: 'STRIPE RETURN OF TRANSFER',
          }),
        ],
      }),
    );
  }
  return told;
};

/** Spending: first pending, then posted under another id; some corrected, some taken out again. */
const spending = (at: Teller, index: number, date: CivilDate): readonly Telling[] => {
  const amount = at.between(500, 80_000);
  const posted = line({
    transaction_id: `tx-${index}`,
    amount: dollars(amount),
    date,
    name: `VENDOR ${index}`,
    merchant_name: `Vendor ${'abcdef'[index % 6]}`,
  });
  const told = [
    at.update(`pending ${index}`, {
      added: [{ ...posted, transaction_id: `pend-${index}`, pending: true, date: addDays(date, -1) }],
    }),
    at.update(`posted ${index}`, {
      added: [{ ...posted, pending_transaction_id: `pend-${index}` }],
      removed: [{ transaction_id: `pend-${index}`, account_id: posted['account_id'] }],
    }),
  ];
  if (index % 6 === 1)
    told.push(
      at.update(`corrected ${index}`, {
        modified: [{ ...posted, amount: dollars(amount + 100), date: addDays(date, 1) }],
      }),
    );
  if (index % 11 === 4)
    told.push(
      at.update(`removed ${index}`, {
        removed: [{ transaction_id: `tx-${index}`, account_id: posted['account_id'] }],
      }),
    );
  return told;
};

/** Money between own accounts, and the bill of a connected card. */
const transfers = (at: Teller, index: number, date: CivilDate): readonly Telling[] => {
  const amount = dollars(100_000 + index * 7);
  const [to, name] =
    index % 2 === 0
      ? ['acct-savings', 'ONLINE TRANSFER TO SAVINGS']
      : ['acct-card', 'CARD PAYMENT THANK YOU'];
  return [
    at.update(`transfer ${index} out`, {
      added: [line({ transaction_id: `tro-${index}`, amount, date, name })],
    }),
    at.update(`transfer ${index} in`, {
      added: [
        line({
          transaction_id: `tri-${index}`,
          account_id: to,
          amount: -amount,
          date: addDays(date, 1),
          name,
        }),
      ],
    }),
  ];
};

/** A payroll through its revisions, and the bank's line of each leg. */
const payday = (at: Teller, index: number, date: CivilDate): readonly Telling[] => {
  const run = (revision: number, status: string): Telling =>
    at.webhook(
      'payroll',
      `payroll ${index} ${status}`,
      payrollRun({
        eventId: `evt-${index}-${revision}`,
        payrollId: `run-${index}`,
        revision,
        status,
        legs: [
          { leg: 'net', amountMinor: '7000000', cashDate: date },
          { leg: 'tax', amountMinor: '3800000', cashDate: addDays(date, 5) },
        ],
        payDate: date,
      }),
    );
  return [
    run(1, 'scheduled'),
    run(2, 'funded'),
    run(3, 'paid'),
    at.update(`net ${index}`, {
      added: [
        line({
          transaction_id: `net-${index}`,
          amount: 70_000,
          date,
          name: 'PAYROLL NET',
          merchant_name: 'Payroll Co',
        }),
      ],
    }),
    at.update(`tax ${index}`, {
      added: [
        line({ transaction_id: `tax-${index}`, amount: 38_000, date: addDays(date, 6), name: 'PAYROLL TAX' }),
      ],
    }),
  ];
};

/** The bank's lines once more, as a file that its owner imports. */
const fileOf = (at: Teller, tellings: readonly Telling[], from: CivilDate, to: CivilDate): Telling => {
  const lines = tellings.flatMap(({ facts }) =>
    facts.flatMap((fact) =>
      fact.kind === 'cash' && fact.account === 'bank:checking' && fact.date >= from && fact.date <= to
        ? fact.lines.map(({ amountMinor }) => ({
            date: fact.date,
            amountMinor,
            description: fact.description ?? '',
          }))
        : [],
    ),
  );
  const statement: Statement = {
    account: 'bank:checking',
    currency: usd,
    coverage: { from, to, partialDays: [] },
    lines: lines.map((each, index) => ({ line: index + 2, ...each })),
    repeatedLines: 0,
  };
  return {
    name: `file ${from}`,
    settings: at.settings,
    facts: statementFacts(statement, at.settings).map(({ fact }) => fact),
  };
};

/** @param tenant one company's name; two companies have the same ids at their providers. */
export const lifeOf = (settings: TenantSettings, seed: number, scale: number): Life => {
  const at = tellerOf(settings, seed);
  const on = (count: number, index: number): CivilDate =>
    addDays(FIRST, 3 + Math.floor((index * 150) / count));
  const many = (
    count: number,
    tell: (index: number, date: CivilDate) => readonly Telling[],
  ): readonly Telling[] =>
    Array.from({ length: count }, (_, index) => tell(index, addBusinessDays(on(count, index), 1))).flat();
  const opening: Telling = {
    name: 'opening',
    settings,
    facts: [
      openingFact(
        {
          account: 'bank:checking',
          currency: usd,
          coverage: { from: FIRST, to: FIRST, partialDays: [] },
          lines: [],
          repeatedLines: 0,
        },
        50_000_000n,
        0,
      ),
    ],
  };
  const first = at.update('first line', {
    added: [line({ transaction_id: 'tx-first', amount: 10, date: FIRST, name: 'BANK FEE' })],
  });
  const sold = many(8 * scale, (index, date) => sales(at, index, date));
  const payouts = many(3 * scale, (index, date) => payoutLife(at, index, date));
  const spent = many(5 * scale, (index, date) => spending(at, index, date));
  const moved = many(scale, (index, date) => transfers(at, index, date));
  const paid = many(scale, (index, date) => payday(at, index, date));
  const bills = many(8 * scale, (index, date) => billed(at, index, date));
  const gusto = many(3 * scale, (index, date) => gustoPayday(at, index, date));
  const bank = [opening, first, ...payouts, ...spent, ...moved, ...paid, ...bills, ...gusto].filter(
    ({ facts }) => facts.every(({ source, key }) => source === 'plaid' || key.startsWith('opening:')),
  );
  const start = at.fetched({
    id: 'txn_first',
    amount: 100,
    fee: 0,
    created: secondsOn(FIRST),
    source: 'ch_first',
  });
  return {
    settings,
    others: [
      opening,
      start,
      first,
      ...sold,
      ...spent,
      ...moved,
      ...paid,
      ...bills,
      ...gusto,
      fileOf(at, bank, addDays(FIRST, 30), addDays(FIRST, 60)),
    ],
    payouts,
    bank,
  };
};
