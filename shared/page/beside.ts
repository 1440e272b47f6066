import type { RunwayDocument } from './document.ts';
import { type Html, html, type Part } from './html.ts';
import { table } from './table.ts';
import { dateText, moneyText } from './words.ts';

type Row = readonly [what: Part, amount: Part, note: Part];

const unvaluedNote = (unvalued: readonly string[]): string =>
  unvalued.length === 0 ? '' : `; without ${unvalued.join(', ')}, which has no rate`;

const billing = ({ liabilities, receivables, collections = [] }: RunwayDocument): readonly Row[] => {
  if (!liabilities || !receivables) return [];
  const { deferred_revenue: deferred, refunds_due: refunds } = liabilities;
  const next = collections.find(({ due }) => due !== null);
  return [
    [
      'Deferred revenue',
      moneyText(deferred.amount, deferred.currency),
      `paid for service still owed; a liability${unvaluedNote(deferred.unvalued)}`,
    ],
    ...(!/[1-9]/.test(refunds.amount)
      ? []
      : [['Refunds due', moneyText(refunds.amount, refunds.currency), 'to be paid back'] as const]),
    [
      'Receivables',
      moneyText(receivables.amount, receivables.currency),
      html`${moneyText(receivables.overdue, receivables.currency)} of it overdue${next?.due && html`, the first since or on ${dateText(next.due)}`}${unvaluedNote(receivables.unvalued)}`,
    ],
  ];
};

const exchange = ({ unrealised_fx: unrealised, realised_fx: realised }: RunwayDocument): readonly Row[] => {
  if (!unrealised || !realised) return [];
  const held = unrealised.holdings.map(({ amount, currency }) => moneyText(amount, currency)).join(', ');
  return [
    [
      'Unrealised exchange gain',
      moneyText(unrealised.amount, unrealised.currency),
      held === '' ? 'no foreign money is held' : `on ${held}`,
    ],
    [
      'Realised exchange gain',
      moneyText(realised.amount, realised.currency),
      html`${moneyText(realised.exchanged, realised.currency)} of it by exchanging`,
    ],
  ];
};

/** What must not be added to the number and should be known with it; null where nothing is known. */
export const besideNumber = (runway: RunwayDocument): Html | null => {
  const { restricted_cash: restricted } = runway;
  const rows: readonly Row[] = [
    ...(restricted
      ? [
          [
            'Restricted cash',
            moneyText(restricted.amount, restricted.currency),
            html`<bdi>${restricted.accounts.join(', ')}</bdi>${unvaluedNote(restricted.unvalued)}`,
          ] as const,
        ]
      : []),
    ...billing(runway),
    ...exchange(runway),
  ];
  return rows.length === 0
    ? null
    : table(
        'In no figure above',
        [{ title: 'What' }, { title: 'Amount', figures: true }, { title: 'Note' }],
        rows,
      );
};
