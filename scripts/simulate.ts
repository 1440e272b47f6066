/**
 * `npm run simulate -- --seed N`: one made-up world through the real steps of the pipeline, with everything that goes wrong
 * between machines, judged by checkers that share no code with the steps. One seed is one world, whenever it is run.
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { BROKEN, type Broken } from '../test/pipeline/simulation/broken.ts';
import { commandOf, hasViolations, type Report, report } from '../test/pipeline/simulation/report.ts';
import { printTable } from './cli/table.ts';

const EVENTS = 300;
/** Pairs of what happened and how often, side by side. */
const COLUMNS = 3;
const SHOWN_VIOLATIONS = 5;
const SHOWN_CHARACTERS = 400;

const integer =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It is no whole number from ${least} up.`);
    return value;
  };

const print = (made: Report): void => {
  process.stdout.write(`seed ${made.seed}: a world that begins ${made.from}, about ${made.events} facts\n`);
  const counts = Object.entries(made.counts).map(([what, times]) => [what, times.toString()]);
  const height = Math.ceil(counts.length / COLUMNS);
  printTable(
    Array.from({ length: COLUMNS }, () => ['what happened', 'times']).flat(),
    Array.from({ length: height }, (_, row) =>
      Array.from({ length: COLUMNS }, (_unused, column) => counts[column * height + row] ?? ['', '']).flat(),
    ),
  );
  printTable(
    ['checker', 'verdict'],
    Object.entries(made.verdicts).map(([name, violations]) => [
      name,
      violations.length === 0 ? 'holds' : `violated ${violations.length} times`,
    ]),
  );
  for (const [name, violations] of Object.entries(made.verdicts))
    for (const violation of violations.slice(0, SHOWN_VIOLATIONS))
      process.stdout.write(`${name}: ${violation.slice(0, SHOWN_CHARACTERS)}\n`);
  process.stdout.write(`digest ${made.digest}\n`);
};

const program = new Command('simulate')
  .description('one seeded world through the whole pipeline, with faults, judged by checkers of its own')
  .requiredOption('--seed <number>', 'which world', integer(0))
  .option('--events <number>', 'about how many facts it has', integer(1), EVENTS)
  .addOption(
    new Option('--broken <build>', 'a build that is wrong on purpose, to see a checker fail').choices(
      Object.keys(BROKEN),
    ),
  )
  .option('--json', 'the report as JSON')
  .addHelpText(
    'after',
    `\nBroken builds:\n${Object.entries(BROKEN)
      .map(([name, what]) => `  ${name.padEnd(12)} ${what}`)
      .join('\n')}\n\nExit code 1 on a violation.`,
  )
  .parse();

const { seed, events, broken, json } = program.opts<{
  seed: number;
  events: number;
  broken?: Broken;
  json?: true;
}>();
const made = await report({ seed, events, broken });
// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
if (json) process.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
else print(made);
if (hasViolations(made)) {
  process.stderr.write(`seed ${seed} violates an invariant; see it again with: ${commandOf(made)}\n`);
  process.exitCode = 1;
}
