/** A changed forecast, an alarm, the clock or an owner in; what people must know, on PagerDuty and Slack, out. */
import { randomUUID } from 'node:crypto';
import { rateLimiter, rateLimitRules } from '../../shared/access/rate-limit.ts';
import { authorized } from '../../shared/lambda/authorized.ts';
import { eventHandler } from '../../shared/lambda/event.ts';
import type { LambdaHandler } from '../../shared/lambda/guard.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import { httpOrEvent } from '../../shared/lambda/http-or-event.ts';
import { alert } from './alert.ts';
import { dependencies } from './dependencies.ts';
import { answerTest } from './door.ts';
import { environment } from './environment.ts';

const env = environment();
const deps = dependencies(env, fetch, randomUUID);
const admission = {
  tenants: deps.tenants,
  retryAfterSeconds: rateLimiter(deps.state.countRequest, rateLimitRules(env)),
};

export const handler: LambdaHandler<unknown, unknown> = httpOrEvent(
  httpHandler('alert', (request, run) =>
    authorized(admission, (_request, tenant) => answerTest(deps, tenant, run))(request),
  ),
  eventHandler('alert', (event, run) => alert(deps, event, run)),
);
