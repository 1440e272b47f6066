import type { EventHandler } from './event.ts';
import type { LambdaHandler } from './guard.ts';
import type { HttpHandler } from './http.ts';

/** A function behind both a door and a schedule: requests of the HTTP API have a context that no event has. */
export const httpOrEvent = (
  onRequest: HttpHandler,
  onEvent: EventHandler,
): LambdaHandler<unknown, unknown> => {
  const isRequest = (event: unknown): event is Parameters<HttpHandler>[0] =>
    typeof event === 'object' && event !== null && 'requestContext' in event && 'rawPath' in event;
  return async (event, context) => (isRequest(event) ? onRequest(event, context) : onEvent(event, context));
};
