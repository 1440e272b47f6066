import { importStatement } from '../../functions/import/import-statement.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { HttpResponse } from '../../shared/lambda/http.ts';
import { type MemoryArchive, memoryArchive, type QuietInvocation, quietInvocation } from './memory-intake.ts';
import { type LedgerOperation, type MemoryLedger, memoryLedgerStore } from './memory-ledger-store.ts';
import { settingsOf } from './settings.ts';

export const NOW: number = Date.UTC(2026, 1, 10, 12);

export interface ImportWorld {
  readonly ledger: MemoryLedger;
  readonly archive: MemoryArchive;
  readonly context: QuietInvocation;
  /** What is answered: status and parsed body. */
  readonly post: (
    body: unknown,
    at?: { readonly nowMs?: number; readonly subject?: string },
  ) => Promise<{ readonly status: number; readonly type: string | undefined; readonly body: Answer }>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests read what they assert
type Answer = any;

/** The owner's door for files, with everything behind it in memory. */
export const importWorld = (
  settings: TenantSettings = settingsOf(),
  fault: (operation: LedgerOperation) => void = () => undefined,
): ImportWorld => {
  const ledger = memoryLedgerStore(async (operation, run) => {
    fault(operation);
    return run();
  });
  const archive = memoryArchive();
  const context = quietInvocation(NOW);
  return {
    ledger,
    archive,
    context,
    post: async (body, { nowMs = NOW, subject = 'owner-1' } = {}) => {
      const response: HttpResponse = await importStatement(
        { ledger, archive },
        {
          method: 'POST',
          path: '/v1/imports',
          pathParameters: {},
          query: {},
          headers: {},
          rawBody: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
          nowMs,
          traceparent: context.traceparent,
        },
        settings,
        subject,
        context,
      );
      return {
        status: response.status,
        type: response.headers['content-type'],
        body: JSON.parse(response.body) as Answer,
      };
    },
  };
};

/** An export of `checking` with these rows; everything that matters to a test is an argument. */
export const statement = (
  rows: readonly string[],
  fields: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  account: 'checking',
  currency: 'USD',
  coverage: { from: '2026-01-01', to: '2026-01-31' },
  csv: ['date,amount,description,category', ...rows, ''].join('\n'),
  ...fields,
});
