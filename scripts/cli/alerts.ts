import type { Command } from 'commander';
import type { ChannelTested } from '../../functions/alert/door.ts';
import { type ApiOptions, callApi, withToken } from './api.ts';
import { Failure } from './failure.ts';
import { printTable } from './table.ts';

interface TestOptions extends ApiOptions {
  readonly json?: true;
}

interface Answer {
  readonly tenant: string;
  readonly channels: readonly ChannelTested[];
}

const WORDS: Readonly<Record<ChannelTested['outcome'], string>> = {
  accepted: 'accepted',
  refused: 'REFUSED',
  later: 'not now',
  unknown: 'no answer',
};

const testAlerts = async (options: TestOptions): Promise<void> => {
  const call = { method: 'POST', path: '/v1/alerts/test' } as const;
  const answer = (await callApi(options, call, ['admin']).catch((error: unknown) => {
    if (error instanceof Failure && / 404: /.test(error.message))
      throw new Failure(
        'this pipeline tells nobody: turn channels on in alerts.channels of its configuration, and start or deploy it again',
      );
    throw error;
  })) as Answer;
  const { tenant, channels } = answer;
  if (options.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
  else
    printTable(
      ['tenant', 'channel', 'test notice', ''],
      channels.map(({ channel, outcome, reason = '' }) => [tenant, channel, WORDS[outcome], reason]),
    );
  const failed = channels.filter(({ outcome }) => outcome !== 'accepted').map(({ channel }) => channel);
  if (failed.length > 0) throw new Failure(`${failed.join(' and ')} did not take the test notice`);
};

export const addAlerts = (program: Command): void => {
  const alerts = program.command('alerts').description('how people are told, on PagerDuty and Slack');
  withToken(alerts.command('test'))
    .description('sends a notice marked as a test through each configured channel, and says what came of it')
    .option('--json', 'the outcomes as JSON')
    .addHelpText(
      'after',
      "\nThe notice goes to the channels of the token's tenant, which needs the scope admin. At PagerDuty it opens an incident of\nseverity info: close it by hand.",
    )
    .action(testAlerts);
};
