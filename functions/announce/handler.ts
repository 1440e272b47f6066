/** Stream of State's current forecasts in; `ForecastChanged` on the event bus out. */
import { busClient } from '../../shared/aws/clients.ts';
import { eventBus } from '../../shared/aws/event-bus.ts';
import { forecastChangeOf } from '../../shared/aws/forecast-change.ts';
import { type StreamHandler, streamHandler } from '../../shared/lambda/stream.ts';
import { announce } from './announce.ts';
import { environment } from './environment.ts';

const { EVENT_BUS_NAME } = environment();
const deps = { bus: eventBus(busClient(), EVENT_BUS_NAME) };

export const handler: StreamHandler = streamHandler('announce', async (records) =>
  announce(
    deps,
    records.flatMap((record) => forecastChangeOf(record) ?? []),
  ),
);
