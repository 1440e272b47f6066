import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunwayDocument } from '../../../shared/page/document.ts';
import { renderPage } from '../../../shared/page/page.ts';
import { namesIn } from '../../support/well-formed.ts';
import { inputOf } from './documents.ts';

const money = (amount: string, unvalued: readonly string[] = []) => ({
  amount,
  currency: 'USD',
  by_currency: { USD: amount },
  unvalued,
});

const pageOf = (fields: Partial<RunwayDocument>): string => {
  const { html } = renderPage(inputOf(fields));
  assert.equal(namesIn(html)[0], 'html');
  return html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('\u00a0', ' ')
    .replace(/\s+/g, ' ');
};

test('what stands beside the number is shown apart from it', () => {
  const text = pageOf({
    restricted_cash: { ...money('50000.00', ['TWD']), accounts: ['bank:<deposit>'] },
    liabilities: { deferred_revenue: money('364.00'), refunds_due: money('12.00') },
    receivables: { ...money('24.50'), overdue: '17.50' },
    collections: [{ due: '2026-12-05', amount: '24.50', currency: 'USD' }],
    unrealised_fx: {
      amount: '-31.07',
      currency: 'USD',
      holdings: [
        { currency: 'GBP', amount: '100.00', value: '120.00', unrealised: '-31.07', rate_date: '2026-11-20' },
      ],
    },
    realised_fx: { amount: '8.00', currency: 'USD', held: '10.00', exchanged: '-2.00' },
  });
  for (const what of [
    'Beside the number',
    'Restricted cash',
    '50,000.00',
    'without TWD, which has no rate',
    'bank:&lt;deposit&gt;',
    '364.00',
    'Refunds due',
    '17.50',
    '31.07',
    'Realised exchange gain',
  ])
    assert.ok(text.includes(what), what);
});

test('where nothing stands beside it, nothing is said', () => {
  assert.doesNotMatch(pageOf({}), /Beside the number/);
  const none = {
    restricted_cash: null,
    liabilities: null,
    receivables: null,
    unrealised_fx: null,
    realised_fx: null,
  };
  assert.doesNotMatch(pageOf({ ...none, collections: [] }), /Beside the number/);
});
