import { type Notice, noticeOf, type Origin } from '../../shared/alert/notice.ts';
import { isWorse, type Level } from '../../shared/alert/standing.ts';
import {
  type Alert,
  answered,
  assumed,
  claimed,
  dutyTo,
  NOTHING_TOLD,
  type Sent,
  type Told,
  wantedLevel,
} from '../../shared/alert/telling.ts';
import type { AlertStore } from '../../shared/aws/alert-store.ts';
import type { DeadLetters } from '../../shared/aws/dead-letters.ts';
import type { WebhookSecrets } from '../../shared/aws/webhook-secrets.ts';
import { canonicalJson, sha256Of } from '../../shared/canonical/canonical.ts';
import { type AlertSettings, CHANNEL_CREDENTIALS, type Channel } from '../../shared/contract/alert.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';

/** Sends one notice under the tenant's own credential. */
export type Send = (notice: Notice, credential: string) => Promise<Sent>;

export interface TellDeps {
  readonly alerts: AlertStore;
  readonly secrets: Pick<WebhookSecrets, 'apiKey'>;
  readonly deadLetters: DeadLetters;
  readonly channels: Readonly<Record<Channel, Send>>;
  readonly settings: AlertSettings;
  readonly stage: string;
  readonly pageUrl: string;
  /** Unlike every other: it tells runs apart that Lambda gives one name. */
  readonly newId: () => string;
}

/** One rule of one tenant. */
export interface Subject {
  readonly tenant: string;
  readonly rule: string;
}

/** Rounds against other runs of this function; whoever invoked us tries again. */
const PUT_ATTEMPTS = 8;
/** Messages of one rule to one channel: a level may change while the one before is told. */
const MESSAGES_MAX = 4;
/** A message that is begun should also be marked. */
const MESSAGE_MS = 10_000;
const CREDENTIAL_NAME_LENGTH = 12;

export const originOf = ({ stage, pageUrl }: TellDeps, tenant: string): Origin => ({
  stage,
  tenant,
  pageUrl,
});

/** Writes what `change` makes of the stored alert; one that it leaves as it is costs nothing. */
export const changeAlert = async (
  { alerts }: Pick<TellDeps, 'alerts'>,
  { tenant, rule }: Subject,
  change: (alert: Alert) => Alert,
): Promise<Alert> => {
  for (let attempt = 0; attempt < PUT_ATTEMPTS; attempt += 1) {
    const { version, alert } = await alerts.alert(tenant, rule);
    const next = change(alert);
    if (canonicalJson(next) === canonicalJson(alert)) return alert;
    if (await alerts.put(tenant, rule, version, next)) return next;
  }
  throw new Error(`${rule} of ${tenant} was written by others all the time`);
};

const toldOf = ({ told }: Alert, channel: Channel): Told => told[channel] ?? NOTHING_TOLD;
const withTold = (alert: Alert, channel: Channel, told: Told): Alert => ({
  ...alert,
  told: { ...alert.told, [channel]: told },
});

/** Sends under the credential, or says that there is none. */
export const sendThrough = async (
  { channels }: Pick<TellDeps, 'channels'>,
  channel: Channel,
  notice: Notice,
  credential: string | undefined,
): Promise<Sent> => {
  if (credential !== undefined) return channels[channel](notice, credential);
  const name = CHANNEL_CREDENTIALS[channel];
  return {
    outcome: 'refused',
    reason: `no ${name} is stored: capstack secrets put --source ${channel} --credential ${name}`,
  };
};

interface Telling {
  readonly deps: TellDeps;
  readonly subject: Subject;
  readonly channel: Channel;
  readonly credential: string | undefined;
  /** Short, tells nothing of the credential, and changes with it. */
  readonly credentialName: string;
  readonly run: Invocation;
}

/** Says that this run sends, if it is still to be sent and nobody else has said so. */
const claim = async (
  { deps, subject, channel, credentialName, run }: Telling,
  wanted: Level,
  id: string,
): Promise<Alert | undefined> => {
  const by = run.requestId;
  const alert = await changeAlert(deps, subject, (stored) => {
    const told = toldOf(stored, channel);
    const duty = dutyTo(channel, told, wanted, credentialName, run.nowMs);
    if (duty.duty !== 'send') return stored;
    return withTold(
      stored,
      channel,
      claimed(told, { id, by, level: wanted, attempts: duty.attempts }, run.nowMs),
    );
  });
  return toldOf(alert, channel).claim?.id === id ? alert : undefined;
};

/** What a channel refuses for good is said where somebody else is sure to hear it, before it is marked as said. */
const complain = async ({ deps, subject, channel, run }: Telling, reason: string): Promise<void> => {
  run.log.error('a channel refuses alerts for good', { ...subject, channel, reason });
  await deps.deadLetters.send({
    problem: 'an alert could not be delivered, and will not be tried again',
    stage: deps.stage,
    ...subject,
    channel,
    reason,
  });
};

/** @returns what is left to do, or undefined. */
const send = async (telling: Telling, wanted: Level, id: string): Promise<string | undefined> => {
  const { deps, subject, channel, credential, credentialName, run } = telling;
  const alert = await claim(telling, wanted, id);
  if (alert === undefined) return undefined;
  const notice = noticeOf(originOf(deps, subject.tenant), subject.rule, alert.standing, wanted === 'none');
  const sent = await sendThrough(deps, channel, notice, credential);
  if (sent.outcome === 'refused') await complain(telling, sent.reason);
  await changeAlert(deps, subject, (stored) => {
    const told = toldOf(stored, channel);
    if (told.claim?.id !== id) return stored;
    return withTold(stored, channel, answered(told, sent, credentialName, run.nowMs));
  });
  run.log.info('alert sent', { ...subject, channel, level: wanted, ...sent });
  return sent.outcome === 'later' || sent.outcome === 'unknown' ? sent.reason : undefined;
};

/** Brings what one channel knows to how the rule stands. @returns what is left to do, or undefined. */
const tellChannel = async (telling: Telling, isSilent: boolean): Promise<string | undefined> => {
  const { deps, subject, channel, credentialName, run } = telling;
  for (let message = 0; message < MESSAGES_MAX; message += 1) {
    const { alert } = await deps.alerts.alert(subject.tenant, subject.rule);
    const told = toldOf(alert, channel);
    const wanted = wantedLevel(channel, alert.standing.level);
    if (isSilent && isWorse(wanted, told.level)) return undefined;
    const duty = dutyTo(channel, told, wanted, credentialName, run.nowMs);
    if (duty.duty === 'nothing') return undefined;
    /** Only the request that is at it has to come back: a busy hour must not fail for each of its forecasts. */
    if (duty.duty === 'wait') return duty.by === run.requestId ? duty.reason : undefined;
    if (duty.duty === 'assume') {
      run.log.warn('a message may have arrived or not; it is not sent again', {
        ...subject,
        channel,
        wanted,
      });
      await changeAlert(deps, subject, (stored) =>
        withTold(stored, channel, assumed(toldOf(stored, channel))),
      );
      continue;
    }
    if (run.remainingMs() < MESSAGE_MS) return 'no time was left for it';
    const left = await send(telling, wanted, deps.newId());
    if (left !== undefined) return left;
  }
  return 'it changes faster than it can be told';
};

/**
 * Tells every channel how a rule stands, where it does not know.
 * @param isSilent keeps what is new from being told; what is over is told even so.
 * @returns what is left to do later, as sentences.
 */
export const tell = async (
  deps: TellDeps,
  subject: Subject,
  isSilent: boolean,
  run: Invocation,
): Promise<readonly string[]> => {
  const left: string[] = [];
  for (const channel of deps.settings.channels) {
    const name = CHANNEL_CREDENTIALS[channel];
    const credential = await deps.secrets.apiKey(subject.tenant, channel, run.nowMs, name);
    const credentialName =
      credential === undefined ? '' : sha256Of(credential).slice(0, CREDENTIAL_NAME_LENGTH);
    const reason = await tellChannel({ deps, subject, channel, credential, credentialName, run }, isSilent);
    if (reason !== undefined) left.push(`${channel} ${subject.rule} of ${subject.tenant}: ${reason}`);
  }
  return left;
};
