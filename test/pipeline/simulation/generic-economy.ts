import { dayIn, decimalText, type Movement, type Part, type Telling, type TenantPlan } from './economy.ts';
import type { Random } from './random.ts';
import { sendingAt } from './stripe-economy.ts';

const DAY_MS = 86_400_000;
/** Nobody's forecast starts from less than a quarter: other tenants stay well below it. */
const SHORT_HISTORY_DAYS = 60;
const LONG_HISTORY_DAYS = 120;

interface Setting {
  readonly tenant: TenantPlan;
  readonly random: Random;
  readonly startMs: number;
  readonly endMs: number;
  readonly burstsMs: readonly number[];
}

interface Version {
  readonly revision: number;
  readonly event: Readonly<Record<string, unknown>> & { readonly id: string };
  /** Absent where no cash moves. */
  readonly movement?: Movement;
}

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** One telling of an event: another revision may have another amount, day, account or type. */
const versionOf = (
  { tenant, random, startMs }: Setting,
  id: string,
  revision: number,
  historyDays: number,
): Version => {
  const { settings } = tenant;
  const type = random.pick(['income', 'expense', 'expense', 'adjustment', 'credit'] as const);
  const currency = tenant.plain
    ? settings.baseCurrency
    : random.pick([settings.baseCurrency, settings.baseCurrency, 'JPY', 'KWD']);
  const amountMinor = BigInt(random.pick([random.between(1, 5_000_000), 120_000, 120_000]));
  const signed =
    type === 'expense' || (type === 'adjustment' && random.chance(0.5)) ? -amountMinor : amountMinor;
  const account = random.pick([undefined, undefined, 'bank:main']);
  const category = random.pick([undefined, 'payroll', 'Cloud Hosting']);
  // Around midnight, where a zone decides the day.
  const atMs = startMs - random.between(1, historyDays) * DAY_MS + random.between(-3, 3) * 1_800_000;
  const instant = random.chance(0.5);
  const date = instant ? dayIn(settings.accountingZone, atMs) : isoDay(atMs);
  return {
    revision,
    event: {
      id,
      type,
      amount: decimalText(type === 'adjustment' ? signed : amountMinor, currency),
      currency,
      ...(instant ? { occurred_at: new Date(atMs).toISOString() } : { date }),
      ...(account && { account }),
      ...(category && { category }),
      ...(revision > 0 && { revision }),
      ...(random.chance(0.3) && { metadata: { amountMinor: '1', note: 'x'.repeat(random.between(0, 40)) } }),
    },
    ...(type !== 'credit' && {
      movement: {
        tenant: settings.tenant,
        date,
        currency,
        account: account ?? 'manual',
        counterAccount: 'external',
        lines: [{ category: category?.toLowerCase().replace(' ', '_') ?? type, amountMinor: signed }],
      },
    }),
  };
};

/**
 * A payment every other day for a quarter and more. What pays for it comes first and is told late: a runway is simulated from
 * then on only, for that takes a quarter of a second each time.
 */
const history = ({ tenant, random, startMs }: Setting): Version[] =>
  Array.from({ length: LONG_HISTORY_DAYS / 2 }, (_, n) => {
    const date = isoDay(startMs - (LONG_HISTORY_DAYS - 2 * n) * DAY_MS);
    const amountMinor = BigInt(random.between(50_000, 250_000));
    const opening = n === 0 ? 40_000_000n : -amountMinor;
    const currency = tenant.settings.baseCurrency;
    return {
      revision: 0,
      event: {
        id: `h${n}`,
        type: opening > 0n ? 'income' : 'expense',
        amount: decimalText(opening > 0n ? opening : amountMinor, currency),
        currency,
        date,
      },
      movement: {
        tenant: tenant.settings.tenant,
        date,
        currency,
        account: 'manual',
        counterAccount: 'external',
        lines: [{ category: opening > 0n ? 'income' : 'expense', amountMinor: opening }],
      },
    };
  });

const rankOf = (revision: number): string => `1.${revision.toString().padStart(15, '0')}`;

const bodyOf = (events: readonly unknown[]): Buffer => Buffer.from(JSON.stringify({ schema: 1, events }));

/** Packs events into deliveries; some of a body's events are bad, and must not block the others. */
const pack = (setting: Setting, versions: readonly Version[], atOnce: number): Telling[] => {
  const { tenant, random } = setting;
  const tellings: Telling[] = [];
  for (let start = 0; start < versions.length; ) {
    const events = versions.slice(start, start + random.between(1, atOnce));
    start += events.length;
    const deliveryId = `${tenant.settings.tenant}-g${tellings.length}`;
    const bad = random.chance(0.15) ? [{ id: `bad-${deliveryId}`, type: 'income', amount: 'lots' }] : [];
    tellings.push({
      name: deliveryId,
      tenant: tenant.settings.tenant,
      source: 'generic',
      deliveryId,
      body: bodyOf([...events.map(({ event }) => event), ...bad]),
      atMs: sendingAt(setting),
      facts: events.map(({ event, revision }) => ({
        key: `generic:${event.id}`,
        revision: rankOf(revision),
      })),
      kind: 'genuine',
    });
  }
  return tellings;
};

/** The same identity and rank with another amount, told after the first telling was taken. */
const contradiction = (tenant: string, told: Telling, event: Version['event'], index: number): Telling => ({
  name: `${tenant}-conflict${index}`,
  tenant,
  source: 'generic',
  deliveryId: `${tenant}-conflict${index}`,
  body: bodyOf([{ ...event, amount: '77' }]),
  atMs: told.atMs,
  facts: [{ key: `generic:${event.id}`, revision: rankOf(0) }],
  kind: 'genuine',
  after: told.name,
});

const strangers = (setting: Setting): Telling[] => {
  const { tenant } = setting.tenant.settings;
  const forgery = versionOf(setting, 'forged', 0, 10).event;
  const base = { tenant, source: 'generic' as const, facts: [], atMs: sendingAt(setting) };
  return [
    {
      ...base,
      name: `${tenant}-forged`,
      deliveryId: `${tenant}-forged`,
      body: bodyOf([forgery]),
      kind: 'forged',
    },
    {
      ...base,
      name: `${tenant}-bad`,
      deliveryId: `${tenant}-bad`,
      body: Buffer.from('{"schema":2}'),
      kind: 'malformed',
    },
  ];
};

/** What one tenant's own systems tell. */
export const genericEconomy = (setting: Setting, count: number): Part => {
  const { tenant, random } = setting;
  const name = tenant.settings.tenant;
  const historyDays = SHORT_HISTORY_DAYS;
  const facts = Array.from({ length: count }, (_, n): Version[] => {
    const corrections = random.chance(0.35) ? random.between(1, 3) : 0;
    return Array.from({ length: corrections + 1 }, (_unused, revision) =>
      versionOf(setting, `e${n}`, revision, historyDays),
    );
  });
  // Told twice by overlapping deliveries, now and then.
  const told = facts.flat().flatMap((version) => (random.chance(0.2) ? [version, version] : [version]));
  const tellings = pack(setting, random.shuffled(told), 6);
  const past = tenant.modelled ? history(setting) : [];
  const single = facts
    .filter((versions) => versions.length === 1)
    .slice(0, tenant.plain ? 0 : 2)
    .flat();
  const contradictions = single.flatMap((version, index) => {
    const first = tellings.filter(({ facts: of }) =>
      of.some(({ key }) => key === `generic:${version.event.id}`),
    );
    return first.length === 1 && first[0] ? [contradiction(name, first[0], version.event, index)] : [];
  });
  return {
    tellings: [
      ...tellings,
      ...[past.slice(1), past.slice(0, 1)].flatMap((some, late) =>
        pack(setting, some, 30).map((telling, n) => ({
          ...telling,
          name: `${name}-past${late}-${n}`,
          deliveryId: `${name}-past${late}-${n}`,
          ...(late === 1 && { atMs: setting.startMs + (setting.endMs - setting.startMs) * 0.8 }),
        })),
      ),
      ...contradictions,
      ...strangers(setting),
    ],
    movements: [
      ...facts.flatMap((versions) => versions.at(-1)?.movement ?? []),
      ...past.flatMap(({ movement }) => movement ?? []),
    ],
    issued: [],
    conflicts: contradictions.length,
    quarantined: 0,
  };
};
