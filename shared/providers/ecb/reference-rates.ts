/** The euro reference rates as the European Central Bank publishes them: one `Cube` a day, and in it one a currency. */
import { SaxesParser } from 'saxes';
import { revision } from '../../event/fact.ts';
import { type StatementFact, statementFact } from '../../event/statement.ts';
import { REFERENCE } from '../../fx/rates.ts';
import { type CivilDate, civilDate } from '../../time/civil-date.ts';

export const ECB = 'ecb';
export const ECB_NORMALISER = 'ecb/1';

/** What the bank published on one day, by currency: decimals as they stand there. */
export interface PublishedDay {
  readonly date: CivilDate;
  readonly rates: ReadonlyMap<string, string>;
}

const RATE = /^(?=.*[1-9])\d{1,9}(\.\d{1,10})?$/;
const CURRENCY = /^[A-Z]{3}$/;
const DAY_PATH = 'gesmes:Envelope/Cube/Cube';
const RATE_PATH = `${DAY_PATH}/Cube`;

/** Tag by tag: a tree of the whole history takes hundreds of megabytes. @throws SyntaxError where the text is not well-formed. */
const daysIn = (xml: string, first: CivilDate): readonly PublishedDay[] => {
  const days = new Map<CivilDate, Map<string, string>>();
  let rates = new Map<string, string>();
  const open: string[] = [];
  const parser = new SaxesParser();
  const refuse = (reason: string): never => {
    throw new SyntaxError(reason);
  };
  parser.on('error', ({ message }) => refuse(message));
  parser.on('doctype', () => refuse('it declares types'));
  parser.on('opentag', ({ name, attributes: { time = '', currency = '', rate = '' } }) => {
    open.push(name);
    const place = open.join('/');
    if (place === DAY_PATH) {
      const date = civilDate(time) ?? refuse(`no day: ${time}`);
      rates = new Map();
      if (date >= first) days.set(date, rates);
    }
    if (place !== RATE_PATH) return;
    if (!CURRENCY.test(currency) || !RATE.test(rate)) refuse(`no rate: ${currency} ${rate}`);
    rates.set(currency, rate);
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return [...days].map(([date, of]) => ({ date, rates: of })).sort((a, b) => (a.date < b.date ? 1 : -1));
};

const BEGINNING = '0001-01-01' as CivilDate;

/**
 * Reads a file of reference rates, the newest day first.
 * @param first day that is wanted; the whole history is a hundred times what a ledger needs.
 * @returns why it is none, where it is none.
 */
export const readReferenceRates = (
  xml: string,
  first: CivilDate = BEGINNING,
): readonly PublishedDay[] | string => {
  try {
    const days = daysIn(xml, first);
    return days.length > 0 ? days : 'not a file of reference rates: it holds no day';
  } catch (error) {
    if (error instanceof SyntaxError) return `not a file of reference rates: ${error.message}`;
    throw error;
  }
};

/** One rate as a statement. It is told once and for ever: the same rate told otherwise is a conflict, for people to see. */
export const rateStatement = (date: CivilDate, currency: string, rate: string): StatementFact =>
  statementFact(
    { key: `fx:ecb:${date}:${currency}`, revision: revision('final', 0), source: ECB, date },
    'rate',
    { base: REFERENCE, currency, rate },
  );
