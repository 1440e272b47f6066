/** Schedule in; how old the number is out, so that a forecast that stops ageing well raises its own alarm. */
import { documentClient } from '../../shared/aws/clients.ts';
import { stateStore } from '../../shared/aws/state-store.ts';
import { METRICS } from '../../shared/contract/names.ts';
import { parseTenants } from '../../shared/contract/tenant.ts';
import { type EventHandler, eventHandler } from '../../shared/lambda/event.ts';
import { environment } from './environment.ts';
import { staleness } from './staleness.ts';

const { STATE_TABLE, TENANTS } = environment();
const deps = { state: stateStore(documentClient(), STATE_TABLE), tenants: parseTenants(TENANTS) };

export const handler: EventHandler = eventHandler('reconcile', async (_event, run) => {
  for (const { tenant, forecastAgeSeconds } of await staleness(deps, run.nowMs)) {
    if (forecastAgeSeconds === undefined) run.log.warn('no forecast yet', { tenant });
    else run.metrics({ [METRICS.forecastAgeSeconds]: forecastAgeSeconds }, { tenant });
  }
});
