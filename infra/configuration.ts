import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as v from 'valibot';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { doubledAccounts, type OwnAccount, ownAccount } from './accounts.ts';
import { ALERT_DEFAULTS, type AlertConfiguration, alertSection, disorderedAlerts } from './alert-settings.ts';
import { type BankLogin, bankLogin, doubledLogins } from './bank-logins.ts';
import {
  type ChargebeeSite,
  type Complaint,
  chargebeeSite,
  doubledSources,
  type GustoCompany,
  gustoCompany,
} from './billing-and-payroll.ts';
import { type CloudBills, cloudBills } from './clouds.ts';
import { type ExchangeRates, exchangeRates } from './exchange-rates.ts';
import { type Analytics, analytics } from './product-analytics.ts';
import { type TablesOfProduct, tablesOfProduct } from './product-tables.ts';
import { type ReconciliationConfiguration, reconciliationSection } from './reconciliation-settings.ts';
import { section, wholeNumber } from './section.ts';
import { isTimeZone } from './time-zone.ts';

/** The configuration file as written, defaults filled in. */
export interface Configuration {
  readonly stage: {
    readonly name: string;
    readonly cache: 'serverless' | 'none';
    readonly batch_window_seconds: number;
    readonly log_retention_days: number;
    readonly alarm_email?: string | undefined;
  };
  readonly auth?: { readonly issuer: string; readonly audience: string } | undefined;
  readonly tenants: readonly (Analytics &
    CloudBills &
    TablesOfProduct & {
      readonly name: string;
      readonly accounting_zone: string;
      readonly base_currency: string;
      readonly livemode: boolean;
      readonly stripe: boolean;
      readonly slices: number;
      readonly plaid?: readonly BankLogin[] | undefined;
      readonly accounts?: readonly OwnAccount[] | undefined;
      readonly chargebee?: ChargebeeSite | undefined;
      readonly gusto?: GustoCompany | undefined;
    })[];
  readonly policy: {
    readonly tenant: string;
    readonly enter_days: number;
    readonly critical_days: number;
    readonly restore_days: number;
    readonly protected_minimum: number;
    readonly flap_budget: number;
    readonly spot_shift: boolean;
    readonly monthly_budget_usd: number;
  };
  readonly alerts: AlertConfiguration;
  readonly reconciliation: ReconciliationConfiguration;
  readonly fx: ExchangeRates;
  readonly security: { readonly rate_limit_per_minute: number };
}

/** ElastiCache allows 40 characters, of which our prefix takes 9, and neither `--` nor a hyphen at the end. */
export const STAGE_NAME: RegExp = /^[a-z](?:-?[a-z0-9]){0,15}$/;
export const STAGE_NAME_RULE = 'start with a letter, then at most 15 of a-z, 0-9 and single hyphens';

/** CloudWatch accepts these numbers of days and no others. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827,
] as const;

const name = (what: string) =>
  v.pipe(
    v.string(`expected ${what}`),
    v.regex(
      /^[a-z0-9-]{1,32}$/,
      'use 1 to 32 of a-z, 0-9 and hyphens; it becomes part of addresses and keys',
    ),
  );

const tenant = section({
  name: name('the tenant’s name'),
  accounting_zone: v.pipe(
    v.string('expected a time zone'),
    v.check(isTimeZone, 'not a time zone; write one such as America/New_York or UTC'),
  ),
  base_currency: v.picklist(
    Intl.supportedValuesOf('currency'),
    'not a currency; write its ISO 4217 code such as USD',
  ),
  livemode: v.boolean('expected true (real money) or false (test events)'),
  stripe: v.optional(v.boolean('expected true (Stripe sends its events here) or false'), true),
  slices: v.optional(wholeNumber(1, 64, 'slices'), 1),
  plaid: v.optional(v.array(bankLogin, 'expected a list with one entry per bank login')),
  accounts: v.optional(v.array(ownAccount, 'expected a list with one entry per account')),
  chargebee: v.optional(chargebeeSite),
  gusto: v.optional(gustoCompany),
  ...analytics,
  ...cloudBills,
  ...tablesOfProduct,
});

const schema = section({
  stage: v.optional(
    section({
      name: v.optional(
        v.pipe(v.string('expected the stage’s name'), v.regex(STAGE_NAME, STAGE_NAME_RULE)),
        'dev',
      ),
      cache: v.optional(v.picklist(['serverless', 'none'], 'expected serverless or none'), 'serverless'),
      batch_window_seconds: v.optional(wholeNumber(0, 300, 'seconds'), 0),
      log_retention_days: v.optional(
        v.picklist(
          LOG_RETENTION_DAYS,
          `CloudWatch keeps logs for one of ${LOG_RETENTION_DAYS.join(', ')} days`,
        ),
        30,
      ),
      alarm_email: v.optional(
        v.pipe(v.string('expected an e-mail address'), v.email('not an e-mail address')),
      ),
    }),
    {},
  ),
  auth: v.optional(
    section({
      issuer: v.pipe(
        v.string('expected the issuer’s address'),
        v.regex(
          /^https:\/\/[^\s]+$/,
          'the issuer is an https address, written exactly as in the tokens’ iss',
        ),
      ),
      audience: v.pipe(
        v.string('expected the audience'),
        v.nonEmpty('write the audience as in the tokens’ aud'),
      ),
    }),
  ),
  tenants: v.pipe(
    v.array(tenant, 'expected a list with one entry per tenant'),
    v.minLength(1, 'name at least one tenant'),
  ),
  policy: v.optional(
    section({
      tenant: v.optional(name('the name of a tenant')),
      enter_days: v.optional(wholeNumber(1, 3650, 'days'), 60),
      critical_days: v.optional(wholeNumber(1, 3650, 'days'), 45),
      restore_days: v.optional(wholeNumber(1, 3650, 'days'), 120),
      protected_minimum: v.optional(wholeNumber(1, 1000, 'instances'), 2),
      flap_budget: v.optional(wholeNumber(2, 100, 'changes a week'), 8),
      spot_shift: v.optional(v.boolean('expected true (tagged groups may move to spot) or false'), false),
      monthly_budget_usd: v.optional(wholeNumber(1, 100_000_000, 'dollars'), 1000),
    }),
    {},
  ),
  alerts: v.optional(alertSection, ALERT_DEFAULTS),
  reconciliation: v.optional(reconciliationSection, {}),
  fx: v.optional(exchangeRates, {}),
  security: v.optional(
    section({ rate_limit_per_minute: v.optional(wholeNumber(1, 100_000, 'requests'), 100) }),
    {},
  ),
});

type Parsed = v.InferOutput<typeof schema>;
type Path = readonly (string | number)[];

/** What holds between keys; only looked at once each key is sound by itself. */
const complaintsBetweenKeys = ({ tenants, policy, alerts }: Parsed): Complaint[] => {
  const names = tenants.map((each) => each.name);
  const complaints: Complaint[] = names.flatMap((each, index) =>
    names.indexOf(each) < index
      ? [
          {
            path: ['tenants', index, 'name'],
            message: `${each} is there already; give each tenant its own name`,
          },
        ]
      : [],
  );
  complaints.push(...doubledAccounts(tenants), ...doubledLogins(tenants), ...doubledSources(tenants));
  complaints.push(...disorderedAlerts(alerts));
  if (policy.tenant === undefined && tenants.length > 1)
    complaints.push({ path: ['policy', 'tenant'], message: `missing; name one of ${names.join(', ')}` });
  if (policy.tenant !== undefined && !names.includes(policy.tenant))
    complaints.push({
      path: ['policy', 'tenant'],
      message: `no such tenant; name one of ${names.join(', ')}`,
    });
  if (policy.critical_days >= policy.enter_days)
    complaints.push({
      path: ['policy', 'critical_days'],
      message: `${policy.critical_days} must be below enter_days ${policy.enter_days}; lower it`,
    });
  if (policy.restore_days <= policy.enter_days)
    complaints.push({
      path: ['policy', 'restore_days'],
      message: `${policy.restore_days} must be above enter_days ${policy.enter_days}, or capacity would flap; raise it`,
    });
  return complaints;
};

/** Line of a key, or of the nearest mapping around it where the key is missing. */
const lineOf = (document: Document, lines: LineCounter, path: Path): number => {
  for (let length = path.length; length > 0; length -= 1) {
    const key = path[length - 1];
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(parent)
      ? (parent as YAMLMap).items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
};

/** `tenants[0].name` */
const written = (path: Path): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  ) || 'file';

/** @throws Error with one line `file:line: key: what is wrong and what to do` per mistake. */
export const parseConfiguration = (text: string, file: string): Configuration => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    throw new Error(
      document.errors
        .map((error) => `${file}:${lines.linePos(error.pos[0]).line}: not YAML: ${error.message}`)
        .join('\n'),
    );
  const fail = (complaints: readonly Complaint[]): never => {
    throw new Error(
      complaints
        .map(({ path, message }) => `${file}:${lineOf(document, lines, path)}: ${written(path)}: ${message}`)
        .join('\n'),
    );
  };
  const result = v.safeParse(schema, document.toJS());
  if (!result.success)
    return fail(
      result.issues.map((issue) => ({
        path: (issue.path ?? []).map((item) => item.key as string | number),
        message: issue.message,
      })),
    );
  const complaints = complaintsBetweenKeys(result.output);
  if (complaints.length > 0) return fail(complaints);
  const { policy, tenants } = result.output;
  return { ...result.output, policy: { ...policy, tenant: policy.tenant ?? (tenants[0]?.name as string) } };
};

/** @throws Error as `parseConfiguration`, or where the file cannot be read. */
export const readConfiguration = (path: string): Configuration => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`${path}: cannot be read; copy capstack.config.yml from the repository there`, { cause });
  }
  return parseConfiguration(text, basename(path));
};
