import { parseDocument } from '../../shared/canonical/document.ts';
import type { Commitment } from '../../shared/event/statement.ts';
import { snapshotOf } from '../../shared/fetch/snapshot.ts';
import { monthsOf } from '../../shared/ledger/range.ts';
import {
  type KnownRecovery,
  readRecoveryCase,
  recoveryFacts,
  recoveryKeys,
} from '../../shared/providers/gusto/recovery.ts';
import { GUSTO } from '../../shared/providers/gusto/webhook.ts';
import { addDays, civilDateIn } from '../../shared/time/civil-date.ts';
import { type Company, type GustoDeps, latestOf, listOf, takeNews } from './gusto-company.ts';

const knownOf = async (deps: GustoDeps, company: Company, id: string): Promise<KnownRecovery> => {
  const keys = recoveryKeys(company.company, id);
  const [returned, taken, due] = await Promise.all(
    [keys.returned, keys.taken, keys.due].map(async (key) => (await latestOf(deps, company, key))?.fact),
  );
  const told = (fact: typeof returned): bigint =>
    fact?.kind === 'cash' ? fact.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n) : 0n;
  return {
    returnedMinor: told(returned),
    returnedOn: returned?.date,
    taken: taken && { amountMinor: told(taken), date: taken.date },
    dueDate: due?.date,
  };
};

/** Payrolls are read again so far back, and what they owe leaves up to weeks from the payday. */
const REREAD_DAYS = 110;

/**
 * Payrolls and contractor payments whose debit was last told to have failed: nothing of it is owed by their name, though its money
 * was told to leave. What is cancelled leaves nothing.
 */
export const toldFailed = async (deps: GustoDeps, company: Company): Promise<ReadonlySet<string>> => {
  const { settings, fetchedMs } = company;
  const today = civilDateIn(settings.accountingZone, fetchedMs);
  const months = monthsOf({ from: addDays(today, -REREAD_DAYS), to: today });
  const failed = new Set<string>();
  for (const { key, source, body, metadata } of (
    await snapshotOf(deps, settings, 'commitment', months)
  ).stated()) {
    const id = metadata?.['payroll'] ?? metadata?.['contractor_payment'];
    if (source !== GUSTO || id === undefined || body === null) continue;
    if (parseDocument<Commitment>(body).status !== 'cancelled') continue;
    const left = (await latestOf(deps, company, key.replace(/:due$/, '')))?.fact;
    if (left?.kind === 'cash' && left.lines.length > 0) failed.add(id);
  }
  return failed;
};

/** Takes what Gusto could not debit; where it does not say, what it said before holds. @returns the payrolls and contractor payments that are spoken of. */
export const takeRecoveries = async (deps: GustoDeps, company: Company): Promise<ReadonlySet<string>> => {
  const listed = await listOf(deps, company, 'recovery_cases', (page) =>
    deps.gusto.recoveryCases(company.accessToken, company.company, page),
  );
  if (listed.outcome === 'none') return toldFailed(deps, company);
  const failed = new Set<string>();
  for (const value of listed.list) {
    const found = readRecoveryCase(value);
    if (typeof found === 'string') {
      await takeNews(
        deps,
        company,
        'recovery_case',
        { recovery_case: value },
        [],
        [{ part: value, reason: found }],
      );
      continue;
    }
    for (const id of found.about) failed.add(id);
    const facts = recoveryFacts(found, await knownOf(deps, company, found.id), company);
    await takeNews(deps, company, `recovery_case:${found.id}`, { recovery_case: value }, facts);
  }
  return failed;
};
