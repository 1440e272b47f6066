import { payloadLine, recordLine, sealLine } from '../../shared/audit/lines.ts';
import {
  type AuditRecord,
  bucketRecord,
  deliveryRecord,
  type Leaf,
  recordName,
} from '../../shared/audit/record.ts';
import type { SealedRows } from '../../shared/audit/seal.ts';
import { bucketsOfUnit } from '../../shared/audit/units.ts';
import type { Archive } from '../../shared/aws/archive.ts';
import type { LedgerStore } from '../../shared/aws/ledger-store.ts';
import type { SealStore } from '../../shared/aws/seal-store.ts';
import { atMost } from '../../shared/concurrency/at-most.ts';
import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import type { DeliveryRow } from '../../shared/ledger/row.ts';

export interface ExportDeps {
  readonly ledger: Pick<LedgerStore, 'bucketRows' | 'delivery'>;
  readonly archive: Pick<Archive, 'read'>;
  readonly seals: Pick<SealStore, 'head' | 'seals'>;
}

export interface ExportPage {
  readonly tenant: string;
  readonly head: { readonly seq: number; readonly chain: string };
  /** Of the export file, without its header. */
  readonly lines: readonly string[];
  /** Where the next page begins; null after the last. */
  readonly next: string | null;
}

/** Lambda answers with 6 MB at most, in which each quote of a line takes two bytes. */
const PAGE_BYTES_MAX = 2_000_000;
const PAGE_MS_MAX = 12_000;
const SEALS_AT_A_TIME = 20;
const CONCURRENCY = 16;
const DELIVERY = /^(D#.*)\|([0-9a-f]+)$/s;

/** The lines of one leaf: its record, and after a delivery's its payload. */
const linesOf = async (
  { ledger, archive }: ExportDeps,
  [name]: Leaf,
  rows: ReadonlyMap<string, AuditRecord>,
  payloads: boolean,
): Promise<readonly string[]> => {
  const [, pk, sk] = DELIVERY.exec(name) ?? [];
  if (pk === undefined || sk === undefined) {
    const record = rows.get(name);
    return record === undefined ? [] : [recordLine(record)];
  }
  const row: DeliveryRow | undefined = await ledger.delivery(pk, sk);
  if (row === undefined) return [];
  const line = recordLine(deliveryRecord(row));
  const kept =
    row.body === undefined
      ? row.bodyPointer !== undefined && { bodyPointer: row.bodyPointer }
      : { body: row.body };
  return payloads && kept ? [line, payloadLine(row.bodyHash, await archive.read(kept))] : [line];
};

/** Lines of some leaves, in their order, until a page is full. @returns how many leaves were taken. */
const takeLeaves = async (
  deps: ExportDeps,
  leaves: readonly Leaf[],
  rows: ReadonlyMap<string, AuditRecord>,
  payloads: boolean,
  page: { readonly lines: string[]; bytes: number },
  pageBytes: number,
): Promise<number> => {
  for (let taken = 0; taken < leaves.length; taken += CONCURRENCY) {
    const batch = leaves.slice(taken, taken + CONCURRENCY);
    const made: (readonly string[])[] = batch.map(() => []);
    await atMost(CONCURRENCY, [...batch.entries()], async ([index, leaf]) => {
      made[index] = await linesOf(deps, leaf, rows, payloads);
    });
    for (const [index, lines] of made.entries()) {
      const bytes = lines.reduce((sum, line) => sum + line.length, 0);
      if (page.lines.length > 1 && page.bytes + bytes > pageBytes) return taken + index;
      page.lines.push(...lines);
      page.bytes += bytes;
    }
  }
  return leaves.length;
};

const recordsOfUnit = async (
  { ledger }: ExportDeps,
  { tenant, slices }: TenantSettings,
  { seal }: SealedRows,
): Promise<ReadonlyMap<string, AuditRecord>> => {
  const rows = await Promise.all(
    bucketsOfUnit(tenant, slices, seal.unit).map((bucket) => ledger.bucketRows(bucket)),
  );
  return new Map(
    rows.flat().map((row) => {
      const record = bucketRecord(row);
      return [recordName(record), record];
    }),
  );
};

/** @param cursor `seq:leaf`: the seal and the leaf of it to begin with. */
const pageFrom = async (
  deps: ExportDeps,
  settings: TenantSettings,
  head: ExportPage['head'],
  cursor: readonly [seq: number, leaf: number],
  payloads: boolean,
  clock: () => number,
  pageBytes: number,
): Promise<ExportPage> => {
  const page = { lines: [] as string[], bytes: 0 };
  const beganMs = clock();
  let [seq, offset] = cursor;
  const answer = (next: string | null): ExportPage => ({
    tenant: settings.tenant,
    head,
    lines: page.lines,
    next,
  });
  while (seq <= head.seq)
    for (const sealed of await deps.seals.seals(settings.tenant, seq, SEALS_AT_A_TIME)) {
      if (sealed.seal.seq > head.seq) return answer(null);
      const line = sealLine(sealed);
      const full = page.bytes > 0 && page.bytes + line.length > pageBytes;
      if (full || clock() - beganMs > PAGE_MS_MAX) return answer(`${seq}:${offset}`);
      if (offset === 0) {
        page.lines.push(line);
        page.bytes += line.length;
      }
      const leaves = sealed.leaves.slice(offset);
      const rows = await recordsOfUnit(deps, settings, sealed);
      const taken = await takeLeaves(deps, leaves, rows, payloads, page, pageBytes);
      /** A seal without its first record would be told again by the next page. */
      if (taken === 0 && leaves.length > 0 && offset === 0) page.lines.pop();
      if (taken < leaves.length) return answer(`${seq}:${offset + taken}`);
      seq += 1;
      offset = 0;
    }
  return answer(null);
};

/**
 * `GET /v1/audit/export`: everything that is sealed, page by page. `until` fixes where the chain ends, so that pages asked for
 * while more is sealed belong together.
 */
export const answerExport = async (
  deps: ExportDeps,
  { query }: Pick<HttpRequest, 'query'>,
  settings: TenantSettings,
  clock: () => number,
  pageBytes: number = PAGE_BYTES_MAX,
): Promise<HttpResponse> => {
  const cursor = /^(\d{1,10}):(\d{1,10})$/.exec(query['cursor'] ?? '1:0');
  const until = query['until'];
  if (!cursor || (until !== undefined && !/^\d{1,10}$/.test(until)))
    return problem(400, 'Bad Request', 'cursor and until: write them as the page before did');
  const last = await deps.seals.head(settings.tenant);
  if (last === undefined) return problem(409, 'Conflict', 'nothing is sealed yet: POST /v1/audit/seals');
  const end = until === undefined ? last.seq : Math.min(Number.parseInt(until, 10), last.seq);
  const [ending] = await deps.seals.seals(settings.tenant, end, 1);
  if (ending === undefined) return problem(400, 'Bad Request', `until: there is no seal ${end}`);
  const { seq, chain } = ending.seal;
  const from = [Math.max(1, Number(cursor[1])), Number(cursor[2])] as const;
  const payloads = query['payloads'] !== 'false';
  return json(200, await pageFrom(deps, settings, { seq, chain }, from, payloads, clock, pageBytes));
};
