import { RATE_FILES } from '../../../shared/providers/ecb/api.ts';
import { addDays, type CivilDate, civilDateIn, epochDay, weekday } from '../../../shared/time/civil-date.ts';
import type { ServiceRequest, ServiceResponse } from '../service.ts';

export interface EcbStubOptions {
  readonly now?: () => number;
}

export type EcbStub = (request: ServiceRequest) => ServiceResponse;

/** About what a euro was worth when this was written; the decimals that the bank gives each. */
const ABOUT: Readonly<Record<string, string>> = {
  USD: '1.1400',
  JPY: '180.00',
  CZK: '24.400',
  DKK: '7.4600',
  GBP: '0.86000',
  PLN: '4.3800',
  SEK: '11.2500',
  CHF: '0.9400',
  NOK: '10.8000',
  AUD: '1.6200',
  BRL: '5.9000',
  CAD: '1.6000',
  CNY: '7.6000',
  IDR: '20400.00',
  INR: '109.0000',
  MXN: '20.0000',
  SGD: '1.4500',
};
const QUARTER_DAYS = 90;
const HISTORY_DAYS = 1_500;

/** Made up, but the same whenever it is asked: each currency swings by two percent, at a pace of its own. */
const rateOf = (currency: string, about: string, date: CivilDate): string => {
  const pace = 20 + (currency.charCodeAt(0) % 7) + (currency.charCodeAt(2) % 11);
  const swing = Math.round(200 * Math.sin(epochDay(date) / pace)) / 10_000;
  return (Number(about) * (1 + swing)).toFixed(about.split('.')[1]?.length ?? 0);
};

const fileOf = (days: readonly CivilDate[], told: ReadonlyMap<string, string>): string => {
  const cubes = days.map((date) => {
    const rates = Object.entries(ABOUT).map(([currency, about]) => {
      const rate = told.get(`${date} ${currency}`) ?? rateOf(currency, about, date);
      return `<Cube currency='${currency}' rate='${rate}'/>`;
    });
    return `<Cube time='${date}'>${rates.join('')}</Cube>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject><gesmes:Sender><gesmes:name>Local stand-in</gesmes:name></gesmes:Sender>
<Cube>${cubes.join('\n')}</Cube></gesmes:Envelope>`;
};

/**
 * The files of reference rates, for the local run, with rates that are made up. `/_control/rates` sets one:
 * `{"date":"2026-01-15","currency":"GBP","rate":"0.87"}`.
 */
export const ecbStub = ({ now = Date.now }: EcbStubOptions = {}): EcbStub => {
  const told = new Map<string, string>();
  return ({ method, path, body }) => {
    const file = path.replace(/^\//, '').replace(/\?.*$/, '');
    if (method === 'POST' && file === '_control/rates') {
      const { date, currency, rate } = JSON.parse(body.toString('utf8')) as Record<string, string>;
      told.set(`${date} ${currency}`, String(rate));
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
    }
    const lengths: Readonly<Record<string, number>> = {
      [RATE_FILES.daily.path]: 4,
      [RATE_FILES.quarter.path]: QUARTER_DAYS,
      [RATE_FILES.history.path]: HISTORY_DAYS,
    };
    const length = lengths[file];
    if (length === undefined) return { status: 404, headers: {}, body: 'no such file' };
    const last = civilDateIn('Europe/Berlin', now() - 16 * 3_600_000);
    const days = Array.from({ length }, (_, index) => addDays(last, -index)).filter(
      (date) => weekday(date) <= 5,
    );
    const shown = file === RATE_FILES.daily.path ? days.slice(0, 1) : days;
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: fileOf(shown, told) };
  };
};
