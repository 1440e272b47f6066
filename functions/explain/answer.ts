import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { heldBack } from '../../shared/lambda/exposure.ts';
import type { HttpRequest, HttpResponse } from '../../shared/lambda/http.ts';
import { type ExplainDeps, explainResponse } from './explain.ts';
import { type PageDeps, pageResponse } from './page.ts';
import { whatIfResponse } from './what-if.ts';

/** What takes more than one forecast to answer, by path. */
export const answer = async (
  deps: ExplainDeps & PageDeps,
  request: HttpRequest,
  tenant: TenantSettings,
): Promise<HttpResponse> => {
  if (request.path === '/') return pageResponse(deps, tenant, request);
  const held = heldBack(await deps.reconciliation.status(tenant.tenant), request.claims);
  if (held !== undefined) return held;
  return request.method === 'POST'
    ? whatIfResponse(deps, request, tenant)
    : explainResponse(deps, request, tenant);
};
