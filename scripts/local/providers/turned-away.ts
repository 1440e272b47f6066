import type { ServiceRequest, ServiceResponse } from '../service.ts';

/** What a stand-in was told to answer to its next requests, in place of what it would say. */
export interface TurnedAway {
  /** Takes `{"status":429,"times":1,"body":"...","retry_after":1}`; what is left out is as usual. */
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

/** @param usual what it answers where no more is ordered: most providers only say that they were asked too often. */
export const turnedAway = (usual: Order = { status: 429 }): TurnedAway => {
  let ordered: Order = usual;
  let left = 0;
  return {
    order: ({ body }) => {
      ordered = { ...usual, ...(JSON.parse(body.toString() || '{}') as Partial<Order>) };
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
