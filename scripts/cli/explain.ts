import type { Command } from 'commander';
import { QUANTILES } from '../../shared/explain/attribution.ts';
import type {
  AttributionBody,
  DiagnosisBody,
  EffectBody,
  MovedBody,
  PaymentBody,
} from '../../shared/explain/body.ts';
import type { CivilDate } from '../../shared/time/civil-date.ts';
import { type ApiOptions, callApi, withToken } from './api.ts';
import { dateArgument } from './argument.ts';
import { printTable } from './table.ts';

interface ExplainOptions extends ApiOptions {
  readonly from?: CivilDate;
  readonly to?: CivilDate;
  readonly json?: true;
}

interface Answer extends Pick<MovedBody, 'to'> {
  readonly from: (MovedBody['from'] & { readonly basis: string }) | null;
  readonly moved: MovedBody['moved'] | null;
  readonly payments: readonly PaymentBody[];
  readonly diagnosis: DiagnosisBody;
}

type Unit = AttributionBody['unit'];

/** With a sign, as a change has; nothing where there is no number. */
const signed = (value: number | null | undefined, unit: Unit = 'days'): string => {
  if (value === null || value === undefined) return '';
  const text = unit === 'days' ? String(value) : `${Math.round(value * 10_000) / 100} pp`;
  return value > 0 ? `+${text}` : text;
};

const level = (value: number | null, unit: Unit): string => {
  if (value === null) return 'none';
  return unit === 'days' ? String(value) : `${Math.round(value * 10_000) / 100} %`;
};

const line = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const printMoved = (moved: NonNullable<Answer['moved']>): void => {
  const names = [...new Set(QUANTILES.flatMap((q) => moved[q].drivers.map(({ driver }) => driver)))];
  const of = (driver: string) =>
    QUANTILES.map((q) => moved[q].drivers.find((each) => each.driver === driver));
  printTable(
    ['', ...QUANTILES],
    [
      ['before', ...QUANTILES.map((q) => level(moved[q].from, moved[q].unit))],
      ...names.map((driver) => [
        driver,
        ...of(driver).map((found, index) => signed(found?.effect, moved[QUANTILES[index] ?? 'p5'].unit)),
      ]),
      ['now', ...QUANTILES.map((q) => level(moved[q].to, moved[q].unit))],
    ],
    1,
  );
  for (const driver of names)
    line(`${driver}: ${of(driver).find((found) => found !== undefined)?.says ?? ''}.`);
  for (const q of QUANTILES) if (moved[q].note !== null) line(`Note: ${moved[q].note}.`);
};

const effectCells = ({ p5_days, p50_days, p95_days }: EffectBody): string[] =>
  [p5_days, p50_days, p95_days].map((days) => signed(days));

const printPayments = (payments: Answer['payments']): void => {
  if (payments.length === 0) return;
  line('The largest payments of these days, and how many days each of them alone made:');
  printTable(
    ['date', 'source', 'what', 'amount', ...QUANTILES],
    payments.map((payment) => [
      payment.date,
      payment.source ?? '',
      payment.counterparty ?? payment.description ?? payment.stream,
      `${payment.amount} ${payment.currency}`,
      ...effectCells(payment.effect),
    ]),
    3,
  );
};

const printDiagnosis = ({
  start_raising_by: raising,
  breaking,
  sensitivities,
  reasons,
}: Answer['diagnosis']): void => {
  const { cash_step: step, more_cash, less_cash, tranches_a_week_later: tranches } = sensitivities;
  printTable(
    ['what if', ...QUANTILES],
    [
      [`${step.amount} ${step.currency} more`, ...effectCells(more_cash)],
      [`${step.amount} ${step.currency} less`, ...effectCells(less_cash)],
      ...tranches.map(({ label, id, effect }) => [
        `${label ?? id ?? 'a tranche'} a week later`,
        ...effectCells(effect),
      ]),
    ],
    1,
  );
  if (breaking != null)
    line(
      `${breaking.label ?? 'The sum of many small payments'} breaks the bank on ${breaking.date}, with about ${breaking.amount} ${step.currency}.`,
    );
  line(
    raising.date === null
      ? `No day to start raising by: ${raising.reason}.`
      : `Start raising by ${raising.date} (${raising.method})${raising.reason === null ? '' : `: ${raising.reason}`}.`,
  );
  for (const reason of reasons) line(`Note: ${reason}.`);
};

const explain = async (options: ExplainOptions): Promise<void> => {
  const query = new URLSearchParams({
    ...(options.from && { from: options.from }),
    ...(options.to && { to: options.to }),
  });
  const path = query.size === 0 ? '/v1/runway/explain' : `/v1/runway/explain?${query}`;
  const answer = (await callApi(options, { method: 'GET', path })) as Answer;
  if (options.json) {
    line(JSON.stringify(answer));
    return;
  }
  const { from, to, moved, payments, diagnosis } = answer;
  if (from === null || moved === null) line(`There is no forecast before ${to.as_of} to compare with.`);
  else {
    const basis = from.basis === 'reconstructed' ? ' (made again from the ledger)' : '';
    line(`From ${from.as_of}${basis} to ${to.as_of}, in days:`);
    printMoved(moved);
    printPayments(payments);
  }
  printDiagnosis(diagnosis);
};

export const addExplain = (program: Command): void => {
  withToken(program.command('explain'))
    .description('why the runway moved: drivers that sum to the difference, the largest payments, what to do')
    .option(
      '--from <date>',
      'the older forecast; the last one kept before the newer where left out',
      dateArgument,
    )
    .option('--to <date>', 'the newer forecast; now where left out', dateArgument)
    .option('--json', 'the answer as JSON')
    .addHelpText('after', '\nExample:\n  capstack explain --from 2026-11-14')
    .action(explain);
};
