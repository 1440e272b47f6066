/** The euro reference rates as the European Central Bank publishes them: one `Cube` a day, and in it one a currency. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import * as v from 'valibot';
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

const published = v.object({
  'gesmes:Envelope': v.object({
    Cube: v.object({
      Cube: v.array(
        v.object({
          '@time': v.pipe(
            v.string(),
            v.check((text) => civilDate(text) !== undefined, 'no such day'),
          ),
          Cube: v.array(
            v.object({
              '@currency': v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'no currency')),
              '@rate': v.pipe(v.string(), v.regex(RATE, 'no rate')),
            }),
          ),
        }),
      ),
    }),
  }),
});

/** A day with one currency, or a file with one day, is a list like any other. */
const LISTS = ['gesmes:Envelope.Cube.Cube', 'gesmes:Envelope.Cube.Cube.Cube'];

/** Days before the first are dropped as they are read: the whole history is a hundred times what a ledger needs. */
const parserFrom = (first: CivilDate): XMLParser =>
  new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseAttributeValue: false,
    parseTagValue: false,
    processEntities: false,
    isArray: (_name, path) => LISTS.includes(String(path)),
    updateTag: (name, _path, attributes) =>
      attributes?.['@time'] === undefined || attributes['@time'] >= first ? name : false,
  });

const BEGINNING = '0001-01-01' as CivilDate;

/**
 * Reads a file of reference rates, the newest day first.
 * @param first day that is wanted
 * @returns why it is none, where it is none.
 */
export const readReferenceRates = (
  xml: string,
  first: CivilDate = BEGINNING,
): readonly PublishedDay[] | string => {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) return 'a file of rates declares no types and no entities';
  if (XMLValidator.validate(xml) !== true) return 'not well-formed XML';
  const read = v.safeParse(published, parserFrom(first).parse(xml));
  if (!read.success) return `not a file of reference rates: ${read.issues[0].message}`;
  return read.output['gesmes:Envelope'].Cube.Cube.map((day) => ({
    date: day['@time'] as CivilDate,
    rates: new Map(day.Cube.map((each) => [each['@currency'], each['@rate']])),
  })).sort((a, b) => (a.date < b.date ? 1 : -1));
};

/** One rate as a statement. It is told once and for ever: the same rate told otherwise is a conflict, for people to see. */
export const rateStatement = (date: CivilDate, currency: string, rate: string): StatementFact =>
  statementFact(
    { key: `fx:ecb:${date}:${currency}`, revision: revision('final', 0), source: ECB, date },
    'rate',
    { base: REFERENCE, currency, rate },
  );
