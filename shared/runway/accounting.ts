import type { TenantSettings } from '../contract/tenant.ts';
import { type Currency, currency } from '../money/currency.ts';
import { type CivilDate, civilDateIn } from '../time/civil-date.ts';

/** The tenant's accounting day at an instant. */
export const accountingDay = (tenant: TenantSettings, nowMs: number): CivilDate =>
  civilDateIn(tenant.accountingZone, nowMs);

/** The tenant's base currency. @throws Error where the configuration names none. */
export const baseCurrency = (tenant: TenantSettings): Currency => {
  const base = currency(tenant.baseCurrency);
  if (base === undefined) throw new Error(`${tenant.baseCurrency} is no ISO 4217 currency`);
  return base;
};
