import { type Command, InvalidArgumentError } from 'commander';
import { SCOPES } from '../../shared/contract/names.ts';
import { DEFAULT_SCOPES, issueToken, withApi } from './api.ts';
import { wholeNumber } from './argument.ts';

const scopesArgument = (text: string): readonly string[] => {
  const scopes = text.split(/[\s,]+/).filter((scope) => scope !== '');
  const unknown = scopes.find((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (scopes.length === 0 || unknown !== undefined)
    throw new InvalidArgumentError(
      `${unknown ?? 'an empty list'} is no scope; there are ${SCOPES.join(' ')}`,
    );
  return scopes;
};

interface TokenOptions {
  readonly api: string;
  readonly tenant: string;
  readonly scopes: readonly string[];
  readonly ttlSeconds: number;
  readonly json?: true;
}

export const addToken = (program: Command): void => {
  withApi(program.command('token'))
    .description('a token of the local pipeline, printed alone')
    .option('--tenant <name>', 'tenant the token speaks for', 'demo')
    .option('--scopes <list>', 'scopes, separated by blanks or commas', scopesArgument, DEFAULT_SCOPES)
    .option('--ttl-seconds <n>', 'how long it is good for', wholeNumber(1, 86_400), 3_600)
    .option('--json', 'as {"token":"..."}')
    .action(async (options: TokenOptions) => {
      const token = await issueToken(options.api, options);
      process.stdout.write(options.json ? `${JSON.stringify({ token })}\n` : `${token}\n`);
    });
};
