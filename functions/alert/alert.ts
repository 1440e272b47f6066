import { alarmIdOf, alarmRule, isAlarmRule } from '../../shared/alert/notice.ts';
import { RULES, type Rule, readingsOf } from '../../shared/alert/readings.ts';
import { isPayday } from '../../shared/alert/silence.ts';
import { settledAlarm, standingAfter, standingAfterAlarm } from '../../shared/alert/standing.ts';
import type { ReconciliationStore } from '../../shared/aws/reconciliation-store.ts';
import type { StateStore } from '../../shared/aws/state-store.ts';
import { QUIET_ALARMS } from '../../shared/contract/alert.ts';
import { FORECAST_CHANGED } from '../../shared/contract/names.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import type { Invocation } from '../../shared/lambda/invocation.ts';
import { civilDateIn } from '../../shared/time/civil-date.ts';
import { changeAlert, type TellDeps, tell } from './tell.ts';

export interface AlertDeps extends TellDeps {
  readonly state: Pick<StateStore, 'forecast'>;
  readonly reconciliation: Pick<ReconciliationStore, 'status'>;
  readonly tenants: readonly TenantSettings[];
}

/** What EventBridge hands over, as far as it is looked at. */
interface BusEvent {
  readonly 'detail-type'?: unknown;
  readonly time?: unknown;
  readonly detail?: {
    readonly tenant?: unknown;
    readonly alarmName?: unknown;
    readonly state?: { readonly value?: unknown; readonly reason?: unknown; readonly timestamp?: unknown };
    readonly configuration?: { readonly description?: unknown };
  };
}

const ALARM_CHANGED = 'CloudWatch Alarm State Change';

/** @throws Error where something is left to tell: whoever invoked us comes again in a minute or two. */
const finish = (left: readonly string[]): void => {
  if (left.length > 0) throw new Error(`not everybody was told: ${left.join('; ')}`);
};

/** Judges the stored forecast of a tenant and tells what is new of it. */
const alertTenant = async (
  deps: AlertDeps,
  { tenant, accountingZone }: TenantSettings,
  run: Invocation,
): Promise<readonly string[]> => {
  const [forecast, pause] = await Promise.all([
    deps.state.forecast(tenant),
    deps.reconciliation.status(tenant),
  ]);
  const readings = readingsOf(forecast, pause, deps.settings, run.nowMs);
  const silent = isPayday(civilDateIn(accountingZone, run.nowMs), deps.settings.paydays);
  const left: string[] = [];
  for (const rule of RULES) {
    const reading = readings[rule];
    if (reading !== undefined)
      await changeAlert(deps, { tenant, rule }, (alert) => ({
        ...alert,
        standing: standingAfter(alert.standing, reading),
      }));
    const isSilent = silent && rule === ('burn_rate_std' satisfies Rule);
    left.push(...(await tell(deps, { tenant, rule }, isSilent, run)));
  }
  return left;
};

const instantOf = (...candidates: readonly unknown[]): string | undefined => {
  const ms = candidates.map((each) => Date.parse(String(each))).find((each) => !Number.isNaN(each));
  return ms === undefined ? undefined : new Date(ms).toISOString();
};

/** One of the stage's own alarms went off, or is well again. */
const alertAlarm = async (
  deps: AlertDeps,
  { time, detail }: BusEvent,
  run: Invocation,
): Promise<readonly string[]> => {
  const { alarmName, state, configuration } = detail ?? {};
  const at = instantOf(state?.timestamp, time);
  if (
    typeof alarmName !== 'string' ||
    at === undefined ||
    (state?.value !== 'ALARM' && state?.value !== 'OK')
  )
    return [];
  const id = alarmIdOf(alarmName);
  const level = QUIET_ALARMS.includes(id) ? 'warning' : 'page';
  const raised = state.value === 'ALARM' ? level : undefined;
  const subject = { tenant: deps.settings.operator, rule: alarmRule(id) };
  const description = String(configuration?.description ?? '');
  const words = {
    summary: `${id}: ${raised === undefined ? 'the alarm is well again' : description}`,
    details: [
      ['alarm', alarmName],
      ['CloudWatch says', String(state.reason ?? '')],
    ] as const,
  };
  await changeAlert(deps, subject, (alert) => ({
    ...alert,
    standing: standingAfterAlarm(alert.standing, { at, raised, words }),
  }));
  return tell(deps, subject, false, run);
};

/** An alarm that has been well for a while is over, and what could not be told before is tried again. */
const settleAlarms = async (deps: AlertDeps, run: Invocation): Promise<readonly string[]> => {
  const tenant = deps.settings.operator;
  const left: string[] = [];
  for (const rule of (await deps.alerts.rules(tenant)).filter(isAlarmRule)) {
    await changeAlert(deps, { tenant, rule }, (alert) => ({
      ...alert,
      standing: settledAlarm(alert.standing, run.nowMs),
    }));
    left.push(...(await tell(deps, { tenant, rule }, false, run)));
  }
  return left;
};

/**
 * Tells people what the forecast and the stage's alarms call for. A changed forecast only says that it is time: what counts is
 * read anew, so a late or repeated event does no harm. By the clock every tenant is looked at, for a forecast that is not
 * renewed changes nothing, and neither does the end of a silence.
 * @throws Error where something is left to tell.
 */
export const alert = async (deps: AlertDeps, event: unknown, run: Invocation): Promise<void> => {
  const told = event as BusEvent;
  if (told['detail-type'] === ALARM_CHANGED) return finish(await alertAlarm(deps, told, run));
  if (told['detail-type'] === FORECAST_CHANGED) {
    const tenant = deps.tenants.find((each) => each.tenant === told.detail?.tenant);
    return finish(tenant ? await alertTenant(deps, tenant, run) : []);
  }
  const left: string[] = [];
  const works = [
    ...deps.tenants.map((tenant) => () => alertTenant(deps, tenant, run)),
    () => settleAlarms(deps, run),
  ];
  for (const work of works)
    try {
      left.push(...(await work()));
    } catch (error) {
      /** One tenant's trouble is not another's. */
      run.log.error('alerts of a tenant were not looked at', { error });
      left.push(String(error));
    }
  finish(left);
};
