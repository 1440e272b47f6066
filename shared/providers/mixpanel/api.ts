import type { MixpanelProject } from '../../contract/tenant.ts';
import { basicAuthorization } from '../basic-auth.ts';
import type { Answer } from '../patience.ts';
import type { CountsAnswer, DaysAsked } from '../usage.ts';
import { countExport } from './export-counts.ts';
import { dayOfTime, projectDays } from './project-days.ts';

/** Mixpanel takes three requests a second. */
const SPACING_MS = 400;
const MAX_REASON_LENGTH = 200;
const HOSTS = { us: 'data.mixpanel.com', eu: 'data-eu.mixpanel.com', in: 'data-in.mixpanel.com' } as const;

/** An answer that is read while it arrives. */
export type Download = (
  url: string,
  init: {
    readonly headers: Record<string, string>;
    readonly redirect: 'error';
    readonly signal: AbortSignal;
  },
) => Promise<Answer & { readonly body: AsyncIterable<Uint8Array> | null }>;

export interface ServiceAccount {
  readonly username: string;
  readonly secret: string;
}

export interface MixpanelApi {
  /** An event by days. Throws where a later attempt may do better. */
  readonly counts: (
    project: MixpanelProject,
    account: ServiceAccount,
    event: string,
    days: DaysAsked,
    withinMs: number,
  ) => Promise<CountsAnswer>;
}

const WHAT_TO_DO: Readonly<Record<number, string>> = {
  401: 'it does not know the service account: store its username and secret, and look at the region',
  402: 'the plan does not include the export of events',
  403: 'the service account may not read the project: give it a role there',
};

const refusal = async (answer: Answer): Promise<CountsAnswer> => {
  const { status } = answer;
  const text = await answer.text();
  if (status === 429) {
    const retryAfter = answer.headers.get('retry-after');
    return { outcome: 'busy', ...(retryAfter !== null && { retryAfter }) };
  }
  if (status >= 500) throw new Error(`Mixpanel answered ${status}`);
  const said = WHAT_TO_DO[status] ?? text.slice(0, MAX_REASON_LENGTH);
  return { outcome: 'refused', reason: `Mixpanel answered ${status}: ${said}` };
};

/** Without either, an answer that was cut off looks like one that is over. */
const saysWhereItEnds = ({ headers }: Answer): boolean =>
  headers.get('content-length') !== null || headers.get('transfer-encoding') !== null;

/**
 * Reads Mixpanel's export of raw events.
 * @param baseUrl address with `{host}` where the host's name goes.
 */
export const mixpanelApi = (
  baseUrl: string,
  download: Download,
  sleep: (ms: number) => Promise<unknown>,
): MixpanelApi => ({
  counts: async (project, { username, secret }, event, days, withinMs) => {
    await sleep(SPACING_MS);
    const exported = projectDays(project, days);
    const query = new URLSearchParams({
      project_id: project.project,
      from_date: exported.first,
      to_date: exported.last,
      event: JSON.stringify([event]),
    });
    const url = `${baseUrl.replace('{host}', HOSTS[project.region])}/api/2.0/export?${query}`;
    const headers = { authorization: basicAuthorization(username, secret), 'accept-encoding': 'gzip' };
    const signal = AbortSignal.timeout(withinMs);
    let hasBegun = false;
    try {
      const answer = await download(url, { headers, redirect: 'error', signal });
      if (answer.status !== 200) return await refusal(answer);
      hasBegun = true;
      const dayOf = dayOfTime(project, exported, days.zone);
      const counted = answer.body && (await countExport(answer.body, event, days, dayOf));
      return counted !== null && saysWhereItEnds(answer)
        ? counted
        : { outcome: 'broken', reason: 'the export does not say where it ends' };
    } catch (error) {
      if (signal.aborted)
        return { outcome: 'too_much', reason: `it took longer than ${Math.round(withinMs / 1_000)} s` };
      if (!hasBegun) throw error;
      return { outcome: 'broken', reason: `the export broke off: ${String(error)}` };
    }
  },
});
