import { type Command, Option } from 'commander';
import { Failure } from './failure.ts';
import { addLedgerOptions, forecastLedger, LEDGER_ONLY, type LedgerOptions } from './forecast-ledger.ts';
import { forecastScenario } from './forecast-scenario.ts';

interface ForecastOptions extends LedgerOptions {
  readonly scenario?: string;
  readonly ledger?: string;
  readonly json?: true;
}

const EXAMPLE = `
Example of a scenario, beside which scheduled, recurring and credits list items as plan add does, without kind:
  {"as_of":"2026-01-14","paths":10000,"seed":42,"currency":"USD","balance":"2400000",
   "residual":{"kind":"normal","daily_mean":"-14200","daily_std":"2800"},
   "tranches":[{"date":"2026-04-01","amount":"1500000","probability":0.85,"delay_days":{"kind":"gamma","mean":18,"std":10}}]}`;

export const addForecast = (program: Command): void => {
  const command = program
    .command('forecast')
    .description('how long the cash lasts: from a scenario, or from a ledger file; offline')
    .addOption(
      new Option('--scenario <file>', 'a scenario as JSON, - for standard input').conflicts('ledger'),
    )
    .option('--ledger <file>', 'movements of cash as CSV with date and amount, - for standard input')
    .option('--json', 'the forecast as JSON');
  addLedgerOptions(command);
  command.addHelpText('after', EXAMPLE);
  command.action((options: ForecastOptions) => {
    if (options.ledger !== undefined) return forecastLedger(options.ledger, options);
    if (options.scenario === undefined) throw new Failure('give --scenario FILE.json or --ledger FILE.csv');
    const stray = LEDGER_ONLY.find((name) => command.getOptionValueSource(name) === 'cli');
    if (stray !== undefined)
      throw new Failure(
        `--${stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} goes with --ledger; a scenario states it in the file`,
      );
    return forecastScenario(options.scenario, options);
  });
};
