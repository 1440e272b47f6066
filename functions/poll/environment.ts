import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the poll function; a name missing on either side fails to compile or to start. */
export interface PollEnvironment {
  readonly STAGE: string;
  readonly LEDGER_TABLE: string;
  /** Says which currencies a tenant has. */
  readonly STATE_TABLE: string;
  readonly ARCHIVE_BUCKET: string;
  /** Parent of `/{tenant}/{source}/...` in the parameter store. */
  readonly SECRET_PREFIX: string;
  /** JSON array of `TenantSettings`. */
  readonly TENANTS: string;
  /** With `{site}` where the site's name goes. */
  readonly CHARGEBEE_API_URL: string;
  /** With `{service}` where the service's name goes. */
  readonly GOOGLE_APIS_URL: string;
  /** With `{host}` where the host's name goes. */
  readonly POSTHOG_URL: string;
  /** With `{host}` where the host's name goes. */
  readonly MIXPANEL_URL: string;
  /** Folder of the reference rates. */
  readonly FX_API_URL: string;
}

export const environment = (): PollEnvironment =>
  requiredEnvironment([
    'STAGE',
    'LEDGER_TABLE',
    'STATE_TABLE',
    'ARCHIVE_BUCKET',
    'SECRET_PREFIX',
    'TENANTS',
    'CHARGEBEE_API_URL',
    'GOOGLE_APIS_URL',
    'POSTHOG_URL',
    'MIXPANEL_URL',
    'FX_API_URL',
  ]);
