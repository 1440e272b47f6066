/** Nothing accepted is lost: from the instant of a 2xx the delivery is durable, and in the end it is in the ledger. */
import { sha256Of } from '../../../shared/canonical/canonical.ts';
import type { Answer, Checker, Evidence } from '../simulation/evidence.ts';

const atTheInstant = ({ telling, status, inLedger, inBuffer }: Answer): readonly string[] => {
  if (status === 200 && !inLedger) return [`${telling.name} was answered 200 while it was not in the ledger`];
  if (status === 202 && !inLedger && !inBuffer)
    return [`${telling.name} was answered 202 while it was stored nowhere`];
  return [];
};

const inTheEnd =
  ({ ledger, bodies }: Evidence) =>
  ({ telling }: Answer): readonly string[] => {
    const { tenant, source, deliveryId, body, facts, name } = telling;
    const key = `D#${tenant}#${source}#${deliveryId}|${sha256Of(body).slice('sha256:'.length)}`;
    if (bodies.get(key) !== sha256Of(body)) return [`the raw body of ${name} is not in the ledger`];
    return facts.flatMap((told) =>
      ledger.some(
        ({ row }) =>
          (row.kind === 'fact' || row.kind === 'conflict') &&
          row.pk === `F#${tenant}#${told.key}` &&
          row.fact.revision >= told.revision,
      )
        ? []
        : [`${name} told ${told.key} at ${told.revision}, and the ledger has nothing as good`],
    );
  };

const strangers = ({ answers, ledger }: Evidence): readonly string[] => [
  ...answers
    .filter(({ telling, status }) => telling.kind !== 'genuine' && status < 300)
    .map(({ telling, status }) => `${telling.name} is ${telling.kind} and was answered ${status}`),
  ...ledger
    .filter(({ key }) =>
      answers.some(({ telling }) => telling.kind !== 'genuine' && key.includes(telling.deliveryId)),
    )
    .map(({ key }) => `${key} came from nobody we know`),
];

export const nothingLost: Checker = (evidence) => {
  const accepted = evidence.answers.filter(
    ({ telling, status }) => telling.kind === 'genuine' && status >= 200 && status < 300,
  );
  const names = new Set(accepted.map(({ telling }) => telling.name));
  return [
    ...accepted.flatMap(atTheInstant),
    ...accepted.flatMap(inTheEnd(evidence)),
    ...evidence.economy.tellings
      .filter(({ name, kind }) => kind === 'genuine' && !names.has(name))
      .map(({ name }) => `${name} was never accepted`),
    ...strangers(evidence),
    ...(evidence.becameQuiet ? [] : ['work was left over three days after the last fault']),
  ];
};
