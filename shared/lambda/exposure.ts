import { type Claims, type HttpResponse, problem } from './http.ts';

/** As much of a reconciliation's status as exposure asks for. */
export interface Pause {
  readonly paused: boolean;
  readonly reasons: readonly string[];
}

/** Whoever holds one of these can look into what is wrong, and so sees the numbers meanwhile. */
const OWNER_SCOPES: readonly string[] = ['plan:write', 'policy:write', 'admin'];
/** A pause is looked at again every hour. */
const RETRY_AFTER_SECONDS = 3600;

/**
 * The answer to a reader of figures while books and sources disagree; undefined where the figures may be shown.
 * @param claims absent on the machine of whoever looks at their own demo.
 */
export const heldBack = (
  pause: Pause | undefined,
  claims: Pick<Claims, 'scopes'> | undefined,
): HttpResponse | undefined => {
  if (pause?.paused !== true || claims === undefined) return undefined;
  if (claims.scopes.some((scope) => OWNER_SCOPES.includes(scope))) return undefined;
  return problem(
    503,
    'Paused by reconciliation',
    `the figures are held back until books and sources agree again: ${pause.reasons.join('; ')}`,
    { 'retry-after': RETRY_AFTER_SECONDS.toString() },
  );
};
