/** The configuration that stories are played with: the user's own, with tenants made for them. */
import { parse, stringify } from 'yaml';
import { type CivilDate, civilDateIn } from '../../../shared/time/civil-date.ts';
import type { Story } from './story.ts';

interface WrittenTenant {
  readonly name?: string;
  readonly accounting_zone?: string;
}

interface Written {
  readonly tenants?: readonly WrittenTenant[];
  readonly policy?: object;
  readonly [section: string]: unknown;
}

/** One story is the first tenant's; several have a tenant each, for what one tells is no other's business. */
const tenantOf = (first: string, stories: readonly Story[], { source }: Story): string =>
  stories.length === 1 ? first : source;

const DEMO = 'demo';

/**
 * Tenants in test mode and in dollars, as the stories' figures are; all else is as it was written.
 * @param text a configuration file.
 */
export const storyConfiguration = (
  text: string,
  stories: readonly Story[],
  nowMs: number,
): { readonly text: string; readonly tenants: readonly string[] } => {
  const written = (parse(text) ?? {}) as Written;
  const [{ name: first = DEMO, accounting_zone: zone = 'UTC' } = {}] = written.tenants ?? [];
  const today: CivilDate = civilDateIn(zone, nowMs);
  const tenants = stories.map((story) => ({
    name: tenantOf(first, stories, story),
    accounting_zone: zone,
    base_currency: 'USD',
    livemode: false,
    /** Elsewhere Stripe's stand-in would be read too, and tell of another story's money. */
    stripe: story.source === 'stripe',
    ...story.section(today),
  }));
  const made = stringify({
    ...written,
    tenants,
    policy: { ...written.policy, tenant: tenants[0]?.name },
    fx: { provider: 'ecb' },
  });
  return { text: made, tenants: tenants.map(({ name }) => name) };
};
