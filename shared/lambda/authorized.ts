import type { TenantSettings } from '../contract/tenant.ts';
import { type Claims, type HttpRequest, type HttpResponse, problem } from './http.ts';

export interface Admission {
  readonly tenants: readonly TenantSettings[];
  /** Seconds after which a caller over its limit may try again; undefined where it is within it. */
  readonly retryAfterSeconds: (claims: Claims, nowMs: number) => Promise<number | undefined>;
}

/** A step behind the JWT authorizer: it is told whose data the token speaks for, and never chooses a tenant itself. */
export type AuthorizedStep = (
  request: HttpRequest,
  tenant: TenantSettings,
  claims: Claims,
) => Promise<HttpResponse>;

/**
 * Admits a request of a verified token: its `tenant` claim must name a tenant of ours, and its subject must be within the
 * rate limit. Routes and scopes are the authorizer's business.
 */
export const authorized =
  (admission: Admission, step: AuthorizedStep) =>
  async (request: HttpRequest): Promise<HttpResponse> => {
    const { claims } = request;
    const tenant = admission.tenants.find((candidate) => candidate.tenant === claims?.tenant);
    if (claims === undefined || tenant === undefined)
      return problem(403, 'Forbidden', 'the token names no tenant of this deployment');
    const retryAfter = await admission.retryAfterSeconds(claims, request.nowMs);
    if (retryAfter !== undefined)
      return problem(429, 'Too Many Requests', `try again in ${retryAfter} s`, {
        'retry-after': retryAfter.toString(),
      });
    return step(request, tenant, claims);
  };
