import type { ServiceRequest, ServiceResponse } from '../service.ts';

/** What a stand-in was told to answer to its next requests, in place of what it would say. */
export interface TurnedAway {
  /** Takes `{"status":429,"times":1,"body":"...","retry_after":1}`. */
  readonly order: (request: ServiceRequest) => ServiceResponse;
  /** The answer that stands in for the next one, if any. */
  readonly next: () => ServiceResponse | undefined;
}

interface Order {
  readonly status: number;
  readonly times?: number;
  readonly body?: string;
  readonly retry_after?: number;
}

export const turnedAway = (): TurnedAway => {
  let ordered: Order = { status: 0, times: 0 };
  let left = 0;
  return {
    order: ({ body }) => {
      ordered = JSON.parse(body.toString()) as Order;
      left = ordered.times ?? 1;
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
    },
    next: () => {
      if (left === 0) return undefined;
      left -= 1;
      const { status, body = '', retry_after: seconds } = ordered;
      const headers = { 'content-type': 'text/plain' };
      return {
        status,
        headers: seconds === undefined ? headers : { ...headers, 'retry-after': String(seconds) },
        body,
      };
    },
  };
};
