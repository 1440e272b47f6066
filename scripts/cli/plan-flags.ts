/** Flags that describe one plan item; the pipeline checks what they say. */
import { Failure } from './failure.ts';

type Parse = (text: string) => unknown;

interface ItemFlag {
  readonly flags: string;
  readonly says: string;
  /** Member of the item, and of commander's options in camel case. */
  readonly member: string;
  readonly parse: Parse;
}

const asText: Parse = (text) => text;

const asNumber: Parse = (text) => {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new Failure(`"${text}" is no number`);
  return Number.parseFloat(text);
};

const asNumbers: Parse = (text) => text.split(',').map((part) => asNumber(part.trim()));

/** `none`, `fixed:14` or `gamma:24,21`. */
const asDelay: Parse = (text) => {
  const [, kind, first, second] = /^(none|fixed|gamma)(?::([\d.]+)(?:,([\d.]+))?)?$/.exec(text) ?? [];
  if (kind === 'none' && first === undefined) return { kind };
  if (kind === 'fixed' && first !== undefined && second === undefined) return { kind, days: asNumber(first) };
  if (kind === 'gamma' && first !== undefined && second !== undefined)
    return { kind, mean: asNumber(first), std: asNumber(second) };
  throw new Failure(`--delay "${text}": write none, fixed:DAYS or gamma:MEAN,STD`);
};

const flag = (flags: string, says: string, member: string, parse: Parse = asText): ItemFlag => ({
  flags,
  says,
  member,
  parse,
});

/** What a help text has to say of items that the ledger shows already. */
export const TAKEN_FOR: string = [
  '',
  '',
  'What is declared comes on top of what the ledger shows, unless it speaks of it: a label that names a category or payee of the',
  'ledger (payroll) takes the place of the payments there that fall within 4 days and cost about the same, and so does, under any',
  'label, a recurring item that the ledger shows on its days for the same amount.',
].join('\n');

export const ITEM_FLAGS: readonly ItemFlag[] = [
  flag('--kind <kind>', 'scheduled, recurring, tranche or credit', 'kind'),
  flag('--id <id>', 'name to change or remove it by', 'id'),
  flag('--label <text>', 'what it is', 'label'),
  flag('--date <date>', 'day of a scheduled item or tranche', 'date'),
  flag('--amount <amount>', 'money in, or out with a minus', 'amount'),
  flag('--probability <p>', 'chance that the tranche comes, 0 to 1', 'probability', asNumber),
  flag(
    '--delay <law>',
    'how late a tranche is: none, fixed:DAYS, gamma:MEAN,STD; else as usual',
    'delay_days',
    asDelay,
  ),
  flag('--every <period>', 'weekly, biweekly, semi-monthly, monthly, quarterly, yearly', 'every'),
  flag('--weekday <n>', 'Monday 1 to Sunday 7', 'weekday', asNumber),
  flag('--anchor <date>', 'a day on which a biweekly item falls', 'anchor'),
  flag('--days <a,b>', 'days of a semi-monthly item, -1 for the last', 'days', asNumbers),
  flag('--day <n>', 'day of the month, -1 for the last', 'day', asNumber),
  flag('--month <n>', 'month of the year, or of the quarter', 'month', asNumber),
  flag(
    '--renewal-probability <p>',
    'chance each year that a yearly payment comes again, 0 to 1; 1 is firm, else 0.94 and somewhat dearer each year',
    'renewal_probability',
    asNumber,
  ),
  flag('--jitter-std <amount>', 'standard deviation of each occurrence', 'jitter_std'),
  flag('--business-day <rule>', 'none, previous or next', 'business_day'),
  flag('--remaining <amount>', 'what is left of a cloud credit', 'remaining'),
  flag('--expires-on <date>', 'last day of the credit', 'expires_on'),
  flag('--daily-gross-cost <amount>', 'cloud cost a day that the credit pays', 'daily_gross_cost'),
];

/** Name under which commander keeps a long flag. */
const optionName = (flags: string): string =>
  flags.replace(/^--(\S+).*$/, '$1').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The item that the given flags describe; empty where none was given. */
export const itemFromFlags = (
  options: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    ITEM_FLAGS.flatMap(({ flags, member, parse }) => {
      const value = options[optionName(flags)];
      return typeof value === 'string' ? [[member, parse(value)]] : [];
    }),
  );
