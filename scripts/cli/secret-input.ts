import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Failure } from './failure.ts';

/** What a standard parameter holds. */
const MAX_BYTES = 4_096;

/** Asks at the terminal and shows nothing of what is typed. */
const typed = (prompt: string): Promise<string> =>
  new Promise((resolve) => {
    process.stderr.write(prompt);
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
    lines.question('', (answer) => {
      lines.close();
      process.stderr.write('\n');
      resolve(answer);
    });
    lines.on('SIGINT', () => {
      process.stderr.write('\n');
      process.exit(1);
    });
  });

/**
 * A secret from the terminal or from standard input. Never from the command line, which every process of the machine may
 * read and the shell remembers.
 */
export const readSecret = async (prompt: string): Promise<string> => {
  const given = process.stdin.isTTY ? await typed(prompt) : await text(process.stdin);
  const secret = given.replace(/\r?\n$/, '');
  if (secret === '') throw new Failure('the secret is empty: type it at the prompt, or pipe it in');
  if (/\p{Cc}/u.test(secret)) throw new Failure('the secret has more than one line, or control characters');
  if (Buffer.byteLength(secret) > MAX_BYTES)
    throw new Failure(`the secret is longer than ${MAX_BYTES} bytes`);
  return secret;
};
