import { charge, dispute, event, payout, refund, transaction } from '../../support/stripe-payloads.ts';
import { dayIn, type Issued, type Movement, type Part, type Telling, type TenantPlan } from './economy.ts';
import type { Random } from './random.ts';

const BALANCE = 'stripe_balance';
const TRANSIT = 'transit:stripe';
const AMOUNTS = [4900, 4900, 4900, 9900, 25_000];
const HOUR_MS = 3_600_000;

interface Books {
  readonly tellings: Telling[];
  readonly movements: Movement[];
  readonly issued: Issued[];
  quarantined: number;
}

interface Setting {
  readonly tenant: TenantPlan;
  readonly random: Random;
  readonly startMs: number;
  readonly endMs: number;
  /** Instants at which many things happen at once. */
  readonly burstsMs: readonly number[];
  readonly books: Books;
}

/** When the provider first sends: often in a crowd. */
export const sendingAt = ({ random, startMs, endMs, burstsMs }: Omit<Setting, 'books' | 'tenant'>): number =>
  random.chance(0.6)
    ? random.pick(burstsMs) + random.between(0, 3_000)
    : random.between(startMs, startMs + (endMs - startMs) * 0.8);

const keyOf = ({ settings }: TenantPlan, id: string): string =>
  `stripe:self:${settings.livemode ? 'live' : 'test'}:txn:${id}`;

const tell = (
  { tenant, random, startMs, endMs, burstsMs, books }: Setting,
  type: string,
  object: unknown,
  told: readonly { readonly id: string; readonly certainty: 0 | 1 }[],
  fields: Readonly<Record<string, unknown>> = {},
): void => {
  const { settings } = tenant;
  const deliveryId = `evt_${settings.tenant}_${books.tellings.length}`;
  books.tellings.push({
    name: deliveryId,
    tenant: settings.tenant,
    source: 'stripe',
    deliveryId,
    body: Buffer.from(
      JSON.stringify(event(type, object, { id: deliveryId, livemode: settings.livemode, ...fields })),
    ),
    atMs: sendingAt({ random, startMs, endMs, burstsMs }),
    facts: told.map(({ id, certainty }) => ({
      key: keyOf(tenant, id),
      revision: `${certainty}.${'0'.repeat(15)}`,
    })),
    kind: 'genuine',
  });
};

interface Gross {
  readonly id: string;
  readonly amount: number;
  readonly createdSeconds: number;
  readonly category: string;
  readonly own: boolean;
  readonly type: string;
  readonly source: string;
}

/** What became of a gross amount: settled net of a fee where Stripe knows it and may be asked, gross otherwise. */
const settle = ({ tenant, random, startMs, books }: Setting, gross: Gross, fee: number): void => {
  const { settings, fetches } = tenant;
  const counterAccount = gross.own ? TRANSIT : 'external';
  const base = { tenant: settings.tenant, currency: 'USD', account: BALANCE };
  const known = random.chance(0.85);
  // Some settle on another day than they were made.
  const created = gross.createdSeconds + (random.chance(0.3) ? random.between(1, 6 * 3_600) : 0);
  if (known)
    books.issued.push({
      tenant: settings.tenant,
      atMs: random.chance(0.5) ? startMs : startMs + random.between(0, 20 * HOUR_MS),
      transaction: {
        ...transaction({ amount: gross.amount, fee, created, type: gross.type, source: gross.source }),
        id: gross.id,
        created,
      },
    });
  const settled = known && fetches;
  const date = dayIn(settings.accountingZone, (settled ? created : gross.createdSeconds) * 1000);
  const main = { category: gross.category, amountMinor: BigInt(gross.amount) };
  const feeLines = settled && fee !== 0 ? [{ category: 'stripe_fee', amountMinor: BigInt(-fee) }] : [];
  if (gross.own) {
    books.movements.push({ ...base, date, counterAccount, lines: [main] });
    if (feeLines.length > 0)
      books.movements.push({ ...base, date, counterAccount: 'external', lines: feeLines });
  } else books.movements.push({ ...base, date, counterAccount, lines: [main, ...feeLines] });
};

const makeCharge = (setting: Setting, id: string, createdSeconds: number): void => {
  const { random } = setting;
  const amount = random.pick(AMOUNTS);
  const [source, txn] = [`ch_${id}`, `txn_ch${id}`];
  const object = charge({
    id: source,
    amount,
    amount_captured: amount,
    created: createdSeconds,
    balance_transaction: txn,
    livemode: setting.tenant.settings.livemode,
  });
  const estimate = [{ id: txn, certainty: 0 as const }];
  tell(setting, 'charge.succeeded', object, estimate);
  if (random.chance(0.4)) tell(setting, 'charge.updated', { ...object, description: 'renamed' }, estimate);
  if (random.chance(0.2)) tell(setting, 'charge.pending', { ...object, balance_transaction: null }, []);
  if (random.chance(0.1))
    tell(setting, 'charge.succeeded', object, [], { livemode: !setting.tenant.settings.livemode });
  settle(
    setting,
    { id: txn, amount, createdSeconds, category: 'revenue', own: false, type: 'charge', source },
    Math.round(amount * 0.029) + 30,
  );
};

const makeRefund = (setting: Setting, id: string, createdSeconds: number): void => {
  const amount = setting.random.pick(AMOUNTS);
  const [source, txn] = [`re_${id}`, `txn_re${id}`];
  const object = refund({ id: source, amount, created: createdSeconds, balance_transaction: txn });
  tell(setting, 'refund.created', object, [{ id: txn, certainty: 0 }]);
  if (setting.random.chance(0.5))
    tell(
      setting,
      'charge.refunded',
      charge({ id: `ch_of_${id}`, created: createdSeconds, refunds: { data: [object] } }),
      [],
    );
  settle(
    setting,
    { id: txn, amount: -amount, createdSeconds, category: 'refund', own: false, type: 'refund', source },
    0,
  );
};

const makePayout = (setting: Setting, id: string, createdSeconds: number): void => {
  const amount = setting.random.between(10, 60) * 1000;
  const [source, txn] = [`po_${id}`, `txn_po${id}`];
  const object = payout({ id: source, amount, created: createdSeconds, balance_transaction: txn });
  tell(setting, 'payout.created', object, [{ id: txn, certainty: 0 }]);
  tell(setting, 'payout.paid', object, [{ id: txn, certainty: 0 }]);
  settle(
    setting,
    { id: txn, amount: -amount, createdSeconds, category: 'payout', own: true, type: 'payout', source },
    setting.random.chance(0.5) ? Math.round(amount * 0.01) : 0,
  );
};

/** A dispute carries its settled transactions, so nothing has to be fetched. */
const makeDispute = (setting: Setting, id: string, createdSeconds: number): void => {
  const { tenant, random, books, startMs } = setting;
  const withdrawn = {
    ...transaction({
      amount: -25_000,
      fee: 1500,
      type: 'adjustment',
      source: `dp_${id}`,
      created: createdSeconds,
    }),
    id: `txn_dp${id}`,
    created: createdSeconds,
  };
  const object = dispute([withdrawn], { id: `dp_${id}`, created: createdSeconds });
  const told = [{ id: withdrawn.id, certainty: 1 as const }];
  tell(setting, 'charge.dispute.funds_withdrawn', object, told);
  tell(setting, 'charge.dispute.updated', object, told);
  if (random.chance(0.5))
    tell(setting, 'charge.dispute.created', dispute([], { id: `dp_${id}`, created: createdSeconds }), []);
  books.issued.push({ tenant: tenant.settings.tenant, atMs: startMs, transaction: withdrawn });
  books.movements.push({
    tenant: tenant.settings.tenant,
    date: dayIn(tenant.settings.accountingZone, createdSeconds * 1000),
    currency: 'USD',
    account: BALANCE,
    counterAccount: 'external',
    lines: [
      { category: 'dispute', amountMinor: -25_000n },
      { category: 'stripe_fee', amountMinor: -1500n },
    ],
  });
};

/** A fee that no webhook tells: only a list shows it. */
const makeSilentFee = (setting: Setting, id: string, createdSeconds: number): void => {
  const { tenant, books, startMs } = setting;
  const fee = {
    ...transaction({ amount: -700, fee: 0, type: 'stripe_fee', source: null }),
    id: `txn_fee${id}`,
  };
  books.issued.push({
    tenant: tenant.settings.tenant,
    atMs: startMs,
    transaction: { ...fee, created: createdSeconds },
  });
  if (tenant.fetches)
    books.movements.push({
      tenant: tenant.settings.tenant,
      date: dayIn(tenant.settings.accountingZone, createdSeconds * 1000),
      currency: 'USD',
      account: BALANCE,
      counterAccount: 'external',
      lines: [{ category: 'stripe_fee', amountMinor: -700n }],
    });
};

const KINDS = [
  makeCharge,
  makeCharge,
  makeCharge,
  makeCharge,
  makeRefund,
  makePayout,
  makeDispute,
  makeSilentFee,
];

/** What one tenant's Stripe account lives through. Many charges are of one amount in one second. */
export const stripeEconomy = (
  { tenant, random, startMs, endMs, burstsMs }: Omit<Setting, 'books'>,
  count: number,
): Part => {
  const books: Books = { tellings: [], movements: [], issued: [], quarantined: 0 };
  const setting = { tenant, random, startMs, endMs, burstsMs, books };
  const secondsOfCrowds = Array.from(
    { length: 4 },
    () => Math.floor(startMs / 1000) - random.between(60, 24 * 3_600),
  );
  for (let n = 0; n < count; n += 1)
    random.pick(KINDS)(setting, `${tenant.settings.tenant}${n}`, random.pick(secondsOfCrowds));
  if (!tenant.plain && random.chance(0.7)) {
    tell(setting, 'charge.succeeded', { object: 'charge', amount: 'much' }, []);
    books.quarantined += 1;
  }
  tell(setting, 'customer.created', { object: 'customer', id: 'cus_1' }, []);
  return { ...books, conflicts: 0 };
};
