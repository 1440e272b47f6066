/** A range of days, or the night, in; State brought up to the ledger, and the ledger sealed, out. */
import { rateLimiter, rateLimitRules } from '../../shared/access/rate-limit.ts';
import { authorized } from '../../shared/lambda/authorized.ts';
import { eventHandler } from '../../shared/lambda/event.ts';
import type { LambdaHandler } from '../../shared/lambda/guard.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import { httpOrEvent } from '../../shared/lambda/http-or-event.ts';
import { dependencies } from './dependencies.ts';
import { environment } from './environment.ts';
import { answerSettling, settle } from './settle.ts';

const env = environment();
const deps = dependencies(env);
const admission = {
  tenants: deps.tenants,
  retryAfterSeconds: rateLimiter(deps.state.countRequest, rateLimitRules(env)),
};

export const handler: LambdaHandler<unknown, unknown> = httpOrEvent(
  httpHandler('settle', (request, run) =>
    authorized(admission, (asked, tenant) => answerSettling(deps, asked, tenant, run))(request),
  ),
  eventHandler('settle', (_event, run) => settle(deps, run)),
);
