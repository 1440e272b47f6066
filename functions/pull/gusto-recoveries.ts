import {
  type KnownRecovery,
  readRecoveryCase,
  recoveryFacts,
  recoveryKeys,
} from '../../shared/providers/gusto/recovery.ts';
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

/** Takes what Gusto could not debit. @returns the payrolls and contractor payments that are spoken of. */
export const takeRecoveries = async (deps: GustoDeps, company: Company): Promise<ReadonlySet<string>> => {
  const listed = await listOf(deps, company, 'recovery_cases', (page) =>
    deps.gusto.recoveryCases(company.accessToken, company.company, page),
  );
  const failed = new Set<string>();
  if (listed.outcome === 'none') return failed;
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
