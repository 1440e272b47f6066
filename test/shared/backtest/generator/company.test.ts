import assert from 'node:assert/strict';
import { test } from 'node:test';
import { companyOf, originOf } from '../../../../shared/backtest/generator/company.ts';
import { addDays, weekday } from '../../../../shared/time/civil-date.ts';

const SEEDS = Array.from({ length: 12 }, (_, k) => 40 + k);
const companies = SEEDS.map((seed) => ({ seed, asOf: originOf(seed), company: companyOf(seed, 0) }));

test('the same seed and future make the same company', () => {
  const [first] = companies;
  assert.ok(first !== undefined);
  assert.deepEqual(companyOf(first.seed, 0), first.company);
});

test('another future leaves the past as it was', () => {
  for (const { seed, asOf, company } of companies.slice(0, 6)) {
    const other = companyOf(seed, 5);
    const past = ({ lines }: typeof company) =>
      lines
        .filter(({ date }) => date <= asOf)
        .map(({ date, amountMinor, category }) => `${date} ${category} ${amountMinor}`)
        .sort();
    assert.deepEqual(past(other), past(company));
    assert.notDeepEqual(other.lines, company.lines);
    assert.deepEqual(
      other.rounds.map(({ plannedDay, amountMinor, probability }) => [plannedDay, amountMinor, probability]),
      company.rounds.map(({ plannedDay, amountMinor, probability }) => [
        plannedDay,
        amountMinor,
        probability,
      ]),
    );
  }
});

test('a company has 800 days, pays its people on working days and rent on the first', () => {
  for (const { asOf, company } of companies) {
    const dates = company.lines.map(({ date }) => date).sort();
    assert.ok((dates[0] ?? '') >= addDays(asOf, -399) && (dates.at(-1) ?? '') <= addDays(asOf, 400));
    const of = (name: string) => company.lines.filter(({ category }) => category === name);
    assert.ok(of('payroll').length >= 24);
    assert.ok(of('payroll').every(({ date, amountMinor }) => weekday(date) < 6 && amountMinor < 0n));
    assert.ok(of('rent').every(({ date }) => date.endsWith('-01')));
    assert.ok(of('cloud').every(({ date }) => date.endsWith('-03')));
    assert.ok(of('revenue').every(({ amountMinor }) => amountMinor > 0n));
  }
});

test('people are most of what is paid, and payroll tax follows payroll at its rate', () => {
  const total = (name: string | undefined): number =>
    companies.reduce(
      (sum, { company }) =>
        company.lines.reduce(
          (part, { category, amountMinor }) =>
            amountMinor < 0n && (name === undefined || category === name) ? part - Number(amountMinor) : part,
          sum,
        ),
      0,
    );
  assert.ok((total('payroll') + total('payroll_tax')) / total(undefined) > 0.4);
  assert.ok(Math.abs(total('payroll_tax') / total('payroll') - 0.38 / 0.7) < 0.02);
});

test('rounds come as often as they say, never early, and sometimes late', () => {
  const rounds = Array.from({ length: 8 }, (_, future) =>
    companies.flatMap(({ seed }) => companyOf(seed, future).rounds),
  ).flat();
  const arrived = rounds.filter(({ arrivesDay }) => arrivesDay !== null);
  const promised = rounds.reduce((sum, { probability }) => sum + probability, 0);
  const variance = rounds.reduce((sum, { probability }) => sum + probability * (1 - probability), 0);
  assert.ok(Math.abs(arrived.length - promised) < 2.5 * Math.sqrt(variance));
  assert.ok(arrived.every(({ arrivesDay, plannedDay }) => (arrivesDay ?? 0) >= plannedDay));
  assert.ok(arrived.some(({ arrivesDay, plannedDay }) => (arrivesDay ?? 0) > plannedDay + 10));
});
