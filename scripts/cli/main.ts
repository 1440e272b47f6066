/** `capstack`: the command line. Results go to standard output, one line of complaint to standard error. */
import { Command, CommanderError } from 'commander';
import { addAlerts } from './alerts.ts';
import { addAudit } from './audit.ts';
import { addBacktest } from './backtest.ts';
import { addDoctor } from './doctor.ts';
import { addExplain } from './explain.ts';
import { reasonOf } from './failure.ts';
import { addForecast } from './forecast.ts';
import { addImport } from './import.ts';
import { addPlan } from './plan.ts';
import { addPolicy } from './policy.ts';
import { addRebuild } from './rebuild.ts';
import { addReconcile } from './reconcile.ts';
import { addReplay } from './replay.ts';
import { addSecrets } from './secrets.ts';
import { addSeed } from './seed.ts';
import { addToken } from './token.ts';
import { addWebhooks } from './webhooks.ts';
import { addWhatIf } from './what-if.ts';

/** Set to see where an unexpected error came from. */
const TRACE = 'CAPSTACK_TRACE';

const program = new Command('capstack')
  .description('How long the cash lasts, as an honest probability')
  .exitOverride()
  .showSuggestionAfterError(false)
  .configureOutput({
    outputError: (text, write) =>
      write(
        `${
          text
            .trim()
            .replace(/^error: /, 'capstack: ')
            .split('\n', 1)[0]
        }\n`,
      ),
  });
addForecast(program);
addBacktest(program);
addImport(program);
addPlan(program);
addPolicy(program);
addExplain(program);
addWhatIf(program);
addRebuild(program);
addReconcile(program);
addReplay(program);
addAudit(program);
addSeed(program);
addWebhooks(program);
addAlerts(program);
addSecrets(program);
addToken(program);
addDoctor(program);

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 1;
  else {
    process.stderr.write(`capstack: ${reasonOf(error)}\n`);
    if (process.env[TRACE] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  }
}
