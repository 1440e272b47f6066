import { addDays, type CivilDate } from '../../shared/time/civil-date.ts';
import { printTable } from './table.ts';

/** What a forecast of either kind says, and what it was made of. */
export interface ForecastReport {
  readonly title: string;
  readonly asOf: CivilDate;
  readonly horizonDays: number;
  readonly status: string;
  readonly days: { readonly p5: number | null; readonly p50: number | null; readonly p95: number | null };
  readonly standardErrorDays: ForecastReport['days'];
  readonly survival: Readonly<Record<string, number | null>>;
  readonly reasons: readonly string[];
  /** Further lines, already worded. */
  readonly notes: readonly string[];
}

const SENTENCES: Readonly<Record<string, (report: ForecastReport) => string>> = {
  out_of_cash: () => 'Out of cash: the balance is at or below the minimum.',
  insufficient_data: () => 'Not enough history for a forecast.',
  not_burning: ({ horizonDays }) =>
    `Not burning: more comes in than goes out, and on most paths cash lasts beyond ${horizonDays} days.`,
  ok: ({ days, asOf, horizonDays }) =>
    days.p50 === null
      ? `Cash lasts beyond ${horizonDays} days on at least half of the paths.`
      : `Half of the paths are out of cash by ${addDays(asOf, days.p50)}.`,
};

/** One decimal, and never certainty where there is none. */
const percent = (share: number): string => {
  const tenths = Math.round(share * 1000);
  if (share < 1 && tenths === 1000) return '> 99.9 %';
  if (share > 0 && tenths === 0) return '< 0.1 %';
  return `${tenths / 10} %`;
};

const quantileRow = (report: ForecastReport, name: 'p5' | 'p50' | 'p95', meaning: string): string[] => {
  const days = report.days[name];
  const error = report.standardErrorDays[name];
  return days === null
    ? [name, `beyond ${report.horizonDays}`, `after ${addDays(report.asOf, report.horizonDays)}`, '', meaning]
    : [name, String(days), addDays(report.asOf, days), error === null ? '' : error.toFixed(1), meaning];
};

/** Prints the forecast for people: what it is, in days and dates, and what the words mean. */
export const printForecast = (report: ForecastReport): void => {
  process.stdout.write(`${report.title}\n`);
  if (report.status !== 'insufficient_data' && report.status !== 'out_of_cash') {
    printTable(
      ['', 'days', 'date', '+-', 'meaning'],
      [
        quantileRow(report, 'p5', '5 % of the paths are out of cash by then'),
        quantileRow(report, 'p50', 'half of them are'),
        quantileRow(report, 'p95', '95 % of them are'),
      ],
    );
    const days = Object.keys(report.survival).filter((day) => report.survival[day] !== null);
    printTable(
      ['cash lasts longer than', ...days.map((day) => `${day} days`)],
      [['chance', ...days.map((day) => percent(report.survival[day] ?? 0))]],
      1,
    );
  }
  const sentence = SENTENCES[report.status]?.(report) ?? report.status;
  for (const line of [sentence, ...report.notes, ...report.reasons.map((reason) => `Note: ${reason}.`)])
    process.stdout.write(`${line}\n`);
};
