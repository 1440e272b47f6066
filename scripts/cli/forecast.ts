import { type Command, Option } from 'commander';
import { Failure } from './failure.ts';
import { addLedgerOptions, forecastLedger, LEDGER_ONLY, type LedgerOptions } from './forecast-ledger.ts';
import { forecastScenario } from './forecast-scenario.ts';

interface ForecastOptions extends LedgerOptions {
  readonly scenario?: string;
  readonly ledger?: string;
  readonly json?: true;
}

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
