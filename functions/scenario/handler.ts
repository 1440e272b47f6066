/** `POST /v1/runway/scenario`: computes what it is sent. Its role can read no company's data. */
import { rateLimiter, rateLimitRules } from '../../shared/access/rate-limit.ts';
import { documentClient } from '../../shared/aws/clients.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { authorized } from '../../shared/lambda/authorized.ts';
import { type HttpHandler, httpHandler } from '../../shared/lambda/http.ts';
import { environment } from './environment.ts';
import { scenarioResponse } from './scenario.ts';

const env = environment();
const { countRequest } = stateStore(documentClient(), env.STATE_TABLE);
const admission = {
  tenants: parseTenants(env.TENANTS),
  retryAfterSeconds: rateLimiter(countRequest, rateLimitRules(env)),
};

export const handler: HttpHandler = httpHandler(
  'scenario',
  authorized(admission, async (request) => scenarioResponse(request.rawBody)),
);
