export interface PayrollBody {
  readonly legs: readonly { readonly leg: string; readonly amountMinor: string; readonly cashDate: string }[];
  readonly [field: string]: unknown;
}

/** A payroll of $100,000 gross whose figures add up; everything that matters to a test is an argument. */
export const payrollRun = (fields: Readonly<Record<string, unknown>> = {}): PayrollBody =>
  ({
    schema: 1,
    eventId: 'evt-1',
    payrollId: 'run-1',
    revision: 1,
    status: 'scheduled',
    currency: 'USD',
    legs: [
      { leg: 'net', amountMinor: '7000000', cashDate: '2026-01-15' },
      { leg: 'tax', amountMinor: '3800000', cashDate: '2026-01-20' },
    ],
    grossMinor: '10000000',
    netMinor: '7000000',
    employeeTaxMinor: '3000000',
    employerTaxMinor: '800000',
    payDate: '2026-01-15',
    zone: 'America/New_York',
    ...fields,
  }) as PayrollBody;
