/** What the ledger holds, as its owner may export it: sealed first, then read page by page. */

export interface ToldFact {
  readonly key: string;
  readonly kind: string;
  readonly source: string;
  readonly date: string;
  /** Of a statement. */
  readonly subject?: string;
  /** Of a statement; null where it was taken back. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

type Ask = (
  method: 'GET' | 'POST',
  path: string,
  body?: object,
) => Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }>;

const NOTHING_SEALED = 409;

interface FactRecord {
  readonly pk: string;
  readonly sk: string;
  readonly kind: string;
  readonly fact?: string | Readonly<Record<string, unknown>>;
}

const factOf = (told: NonNullable<FactRecord['fact']>): ToldFact => {
  const fact = (typeof told === 'string' ? JSON.parse(told) : told) as Readonly<Record<string, unknown>>;
  const { body } = fact;
  return {
    ...(fact as unknown as ToldFact),
    body: typeof body === 'string' ? JSON.parse(body) : null,
  };
};

/** The latest telling of every fact. */
export const ledgerFacts = async (ask: Ask): Promise<readonly ToldFact[]> => {
  for (let more = true; more; ) more = (await ask('POST', '/v1/audit/seals', {})).body['more'] === true;
  const latest = new Map<string, FactRecord>();
  let [query, next] = ['', undefined as unknown];
  do {
    const { status, body: page } = await ask('GET', `/v1/audit/export?payloads=false${query}`);
    if (status === NOTHING_SEALED) return [];
    for (const line of page['lines'] as readonly string[]) {
      const { kind, record } = JSON.parse(line) as { kind: string; record?: FactRecord };
      if (kind !== 'record' || record?.kind !== 'fact') continue;
      if (record.sk > (latest.get(record.pk)?.sk ?? '')) latest.set(record.pk, record);
    }
    next = page['next'];
    query = `&cursor=${String(next)}&until=${(page['head'] as { seq: number }).seq}`;
  } while (next !== null);
  return [...latest.values()].flatMap(({ fact }) => (fact === undefined ? [] : [factOf(fact)]));
};
