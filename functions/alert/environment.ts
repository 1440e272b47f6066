import { requiredEnvironment } from '../../shared/lambda/environment.ts';

/** What infra hands the alert function; a name missing on either side fails to compile or to start. */
export interface AlertEnvironment {
  readonly STAGE: string;
  readonly STATE_TABLE: string;
  /** Parent of `/{tenant}/{channel}/api/{name}` in the parameter store. */
  readonly SECRET_PREFIX: string;
  /** JSON array of `TenantSettings`. */
  readonly TENANTS: string;
  /** `AlertSettings` as JSON. */
  readonly ALERTS: string;
  /** Where the page for people is. */
  readonly API_URL: string;
  readonly DEAD_LETTER_QUEUE_URL: string;
  readonly PAGERDUTY_URL: string;
  /** What the address of every incoming webhook begins with. */
  readonly SLACK_URL: string;
  readonly RATE_LIMIT_PER_MINUTE: string;
  /** `true` or `false`: whether tokens with scope `admin` are counted too. */
  readonly ADMIN_RATE_LIMITED: string;
}

export const environment = (): AlertEnvironment =>
  requiredEnvironment([
    'STAGE',
    'STATE_TABLE',
    'SECRET_PREFIX',
    'TENANTS',
    'ALERTS',
    'API_URL',
    'DEAD_LETTER_QUEUE_URL',
    'PAGERDUTY_URL',
    'SLACK_URL',
    'RATE_LIMIT_PER_MINUTE',
    'ADMIN_RATE_LIMITED',
  ]);
