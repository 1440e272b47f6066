import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Provenance } from '../../shared/ledger/row.ts';

/** A test-mode tenant that keeps its books in UTC; everything that matters to a test is an argument. */
export const settingsOf = (fields: Partial<TenantSettings> = {}): TenantSettings => ({
  tenant: 'acme',
  accountingZone: 'UTC',
  baseCurrency: 'USD',
  livemode: false,
  stripe: true,
  slices: 1,
  ...fields,
});

export const provenance = (settings: TenantSettings, fields: Partial<Provenance> = {}): Provenance => ({
  settings,
  recordedAt: '2026-02-01T00:00:00.000Z',
  normaliser: 'test/1',
  traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
  delivery: `D#${settings.tenant}#generic#1`,
  ...fields,
});
