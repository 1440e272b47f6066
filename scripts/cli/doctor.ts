import type { Command } from 'commander';
import { type Finding, findings } from './doctor-findings.ts';
import { printTable } from './table.ts';

const HEADINGS = { local: 'to run here', deployment: 'to deploy' } as const;

const rows = (found: readonly Finding[]): readonly (readonly string[])[] =>
  found.map(({ purpose, name, ok, detail, remedy }) => [
    HEADINGS[purpose],
    name,
    ok ? 'ok' : 'missing',
    ok ? detail : `${detail}: ${remedy}`,
  ]);

export const addDoctor = (program: Command): void => {
  program
    .command('doctor')
    .description('what this machine has, and what a deployment would lack')
    .option('--json', 'the findings as JSON')
    .action((options: { readonly json?: true }) => {
      const found = findings(process.env);
      const ready = (purpose: Finding['purpose']): boolean =>
        found.every((finding) => finding.purpose !== purpose || finding.ok);
      if (options.json) {
        const report = { ready: { local: ready('local'), deployment: ready('deployment') }, findings: found };
        process.stdout.write(`${JSON.stringify(report)}\n`);
        return;
      }
      printTable(['for', 'what', 'state', 'detail'], rows(found));
      const missing = found.filter(({ ok }) => !ok).length;
      process.stdout.write(missing === 0 ? 'Nothing is missing.\n' : `${missing} missing.\n`);
    });
};
