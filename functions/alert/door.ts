import { testNotice } from '../../shared/alert/notice.ts';
import { CHANNEL_CREDENTIALS } from '../../shared/contract/alert.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type HttpResponse, json } from '../../shared/lambda/http.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { originOf, sendThrough, type TellDeps } from './tell.ts';

/** What became of the test notice of one channel. */
export interface ChannelTested {
  readonly channel: string;
  readonly outcome: 'accepted' | 'refused' | 'later' | 'unknown';
  readonly reason?: string;
}

/** Sends a notice that says it is a test through each channel, under the tenant's own credentials; nothing is remembered. */
export const answerTest = async (
  deps: TellDeps,
  { tenant }: TenantSettings,
  run: Invocation,
): Promise<HttpResponse> => {
  const channels: ChannelTested[] = [];
  for (const channel of deps.settings.channels) {
    const name = CHANNEL_CREDENTIALS[channel];
    const credential = await deps.secrets.apiKey(tenant, channel, run.nowMs, name);
    const sent = await sendThrough(deps, channel, testNotice(originOf(deps, tenant)), credential);
    const reason = 'reason' in sent ? { reason: sent.reason } : {};
    channels.push({ channel, outcome: sent.outcome, ...reason });
    run.log.info('test notice sent', { tenant, channel, ...sent });
  }
  return json(200, { tenant, channels });
};
