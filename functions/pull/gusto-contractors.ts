import { parseDocument } from '../../shared/canonical/document.ts';
import type { Commitment } from '../../shared/event/statement.ts';
import {
  type ContractorPayment,
  contractorFacts,
  contractorKeys,
  readContractorPayment,
} from '../../shared/providers/gusto/contractor.ts';
import { dueKeyOf } from '../../shared/providers/gusto/facts.ts';
import { addDays, type CivilDate, civilDateIn } from '../../shared/time/civil-date.ts';
import {
  type Company,
  type GustoDeps,
  latestOf,
  takeNews,
  takeTransfers,
  valueIn,
  withdraw,
} from './gusto-company.ts';

const KIND = 'contractor_payment';
/** Older debits move no more: there may be hundreds of payments, and each is a request. */
const MOVING_DAYS = 14;

/** The day on which its money was last said to leave. */
const knownDebit = async (
  deps: GustoDeps,
  company: Company,
  { id, payday }: ContractorPayment,
): Promise<CivilDate | undefined> => {
  for (const key of contractorKeys(company.company, id)) {
    const fact = (await latestOf(deps, company, dueKeyOf(key)))?.fact;
    if (fact?.kind !== 'statement' || fact.body === null || fact.metadata?.['pay_date'] !== payday) continue;
    return parseDocument<Commitment>(fact.body).dueDate;
  }
  return undefined;
};

/**
 * When the money of a direct deposit leaves: as its transfer says, where those may be read; else on the payday, or today
 * where Gusto says before it that the money is taken. What was once said stays said.
 */
const debitDate = async (
  deps: GustoDeps,
  company: Company,
  payment: ContractorPayment,
): Promise<CivilDate> => {
  const { id, leg, payday, isFunded } = payment;
  const today = civilDateIn(company.settings.accountingZone, company.fetchedMs);
  if (leg !== 'contractor_debit') return payday;
  const isMoving = payday >= addDays(today, -MOVING_DAYS) && !company.failed.has(id);
  const told = isMoving ? await takeTransfers(deps, company, { kind: KIND, id }) : undefined;
  if (told !== undefined) return told;
  const known = await knownDebit(deps, company, payment);
  if (known !== undefined && known !== payday) return known;
  return isFunded && today < payday ? today : payday;
};

/** A contractor payment as Gusto shows it. @returns its id, where it could be read. */
export const takeContractorPayment = async (
  deps: GustoDeps,
  company: Company,
  value: unknown,
): Promise<string | undefined> => {
  const payment = readContractorPayment(value);
  const document = { contractor_payment: value };
  if (typeof payment === 'string') {
    await takeNews(deps, company, KIND, document, [], [{ part: value, reason: payment }]);
    return undefined;
  }
  const facts = contractorFacts(payment, await debitDate(deps, company, payment), company);
  await takeNews(deps, company, `${KIND}:${payment.id}`, document, facts);
  return payment.id;
};

/** One contractor payment, or that there is none of this name any more: so Gusto cancels. */
export const fetchContractorPayment = async (
  deps: GustoDeps,
  company: Company,
  id: string,
): Promise<void> => {
  const answer = await deps.gusto.contractorPayment(company.accessToken, company.company, id);
  if (answer.outcome === 'missing') {
    const keys = contractorKeys(company.company, id).flatMap((key) => [key, dueKeyOf(key)]);
    await withdraw(deps, company, { kind: KIND, id }, keys);
  }
  const value = await valueIn(deps, company, KIND, answer);
  if (value !== undefined) await takeContractorPayment(deps, company, value);
};
