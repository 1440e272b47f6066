import { canonicalJson, sha256Of } from '../canonical/canonical.ts';
import { type Header, headerLine, payloadLine, recordLine, sealLine } from './lines.ts';
import { type AuditRecord, type Leaf, leafOf, recordName } from './record.ts';
import { chainHash, GENESIS, rootOf, type Seal } from './seal.ts';

/** Something in an export that is not as it was sealed. */
export interface Problem {
  /** Counted from 1; undefined for what is not in the file at all. */
  readonly line: number | undefined;
  readonly what: 'altered' | 'added' | 'missing';
  /** What it is about: a record's name, `seal 12`, `payload sha256:...`. */
  readonly name: string;
  readonly detail: string;
}

export interface Verified {
  readonly tenant: string | undefined;
  readonly seals: number;
  readonly records: number;
  readonly payloads: number;
  /** Chain hash of the last link: the same as that of an earlier or a published export of the same length. */
  readonly head: string | undefined;
  /** In the order of the lines; what is missing comes last. */
  readonly problems: readonly Problem[];
}

const LINE_FEED = 0x0a;
/** One spelling of a hash: in capitals it would be the same bytes. */
const HASH = /^[0-9a-f]{64}$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const linesOf = (bytes: Uint8Array): readonly Uint8Array[] => {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) lines.push(bytes.subarray(start));
  return lines;
};

type Members = Readonly<Record<string, unknown>>;

/** The object in a line, or what is wrong with its bytes. */
const parsed = (line: Uint8Array): Members | string => {
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(line);
    value = JSON.parse(text);
  } catch {
    return 'the line is no JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'the line is no object';
  if (canonicalJson(value) !== text) return 'the line is not as an export writes it';
  return value as Members;
};

/** What is known while a file is read from its first line to its last. */
interface Reading {
  readonly problems: Problem[];
  header: Header | undefined;
  previous: readonly string[];
  seq: number;
  head: string | undefined;
  readonly tenants: Set<string>;
  /** Leaves of the last seal whose records have not come yet. */
  due: Map<string, { readonly hash: string; readonly trusted: boolean }>;
  readonly missing: string[];
  /** Names; a delivery that was sealed twice is there twice. */
  readonly records: Set<string>;
  readonly payloads: Map<string, number>;
}

const note = (at: Reading, line: number | undefined, what: Problem['what'], name: string, detail: string) => {
  at.problems.push({ line, what, name, detail });
};

const readHeader = (at: Reading, members: Members, line: number): void => {
  const { tenant, payloads, seq, chain } = members as unknown as Header;
  const expected = headerLine(tenant, payloads, { seq, chain });
  if (line !== 1 || canonicalJson(members) !== expected || typeof payloads !== 'boolean')
    note(at, line, line === 1 ? 'altered' : 'added', 'header', 'it is not the header of an export');
  else at.header = members as unknown as Header;
};

const readSeal = (at: Reading, members: Members, line: number): void => {
  const { seal, leaves } = members as unknown as { seal: Seal; leaves: readonly Leaf[] };
  const name = `seal ${seal?.seq ?? '?'}`;
  const wellFormed =
    typeof seal === 'object' &&
    seal !== null &&
    Array.isArray(leaves) &&
    leaves.every(([leaf, hash]) => typeof leaf === 'string' && HASH.test(hash)) &&
    canonicalJson(members) === sealLine({ seal, leaves });
  const complaint = (): string | undefined => {
    if (!wellFormed) return 'it is not a seal';
    const { seq, tenant, unit, version, count, root, sealed_at, previous, chain } = seal;
    if (chainHash({ seq, tenant, unit, version, count, root, sealed_at, previous }) !== chain)
      return 'its chain hash is not that of what it says';
    if (Object.keys(seal).length !== 9) return 'it says more than a seal does';
    if (!at.previous.includes(previous)) return 'it does not follow the seal before it';
    if (seq !== at.seq + 1) return `it is not number ${at.seq + 1}`;
    if (rootOf(leaves) !== root || leaves.length !== count) return 'its leaves do not make its root';
    return undefined;
  };
  const wrong = complaint();
  if (wrong !== undefined) note(at, line, 'altered', name, wrong);
  at.missing.push(...at.due.keys());
  at.due = new Map();
  at.seq += 1;
  if (!wellFormed) return;
  /** An altered seal is told once: its successor may follow what it was, or what it says. */
  at.previous = [seal.chain, chainHash(seal)];
  at.head = seal.chain;
  at.tenants.add(seal.tenant);
  for (const [leaf, hash] of leaves) at.due.set(leaf, { hash, trusted: wrong === undefined });
};

const readRecord = (at: Reading, members: Members, line: number): void => {
  const record = members['record'] as AuditRecord | undefined;
  if (typeof record !== 'object' || record === null || canonicalJson(members) !== recordLine(record)) {
    note(at, line, 'altered', 'record', 'it is not a record of an export');
    return;
  }
  const name = recordName(record);
  const leaf = at.due.get(name);
  if (leaf === undefined)
    note(at, line, 'added', name, 'the seal before it holds no such record, or it is there already');
  else if (leaf.trusted && leafOf(record)[1] !== leaf.hash)
    note(at, line, 'altered', name, 'it is not what was sealed');
  at.due.delete(name);
  at.records.add(name);
};

const readPayload = (at: Reading, members: Members, line: number): void => {
  const { body_hash: hash, body } = members as { body_hash?: unknown; body?: unknown };
  const bytes = Buffer.from(typeof body === 'string' ? body : '', 'base64');
  const name = `payload ${String(hash)}`;
  if (canonicalJson(members) !== payloadLine(String(hash), bytes) || sha256Of(bytes) !== hash)
    note(at, line, 'altered', name, 'its bytes are not those of its hash');
  at.payloads.set(String(hash), line);
};

const readLine = (at: Reading, bytes: Uint8Array, line: number, bodies: Set<string>): void => {
  const members = parsed(bytes);
  if (typeof members === 'string') {
    note(at, line, 'altered', `line ${line}`, members);
    return;
  }
  switch (members['kind']) {
    case 'header':
      readHeader(at, members, line);
      break;
    case 'seal':
      readSeal(at, members, line);
      break;
    case 'record': {
      readRecord(at, members, line);
      const bodyHash = (members['record'] as AuditRecord | undefined)?.['bodyHash'];
      if (typeof bodyHash === 'string') bodies.add(bodyHash);
      break;
    }
    case 'payload':
      readPayload(at, members, line);
      break;
    default:
      note(at, line, 'altered', `line ${line}`, 'it is no line of an export');
  }
};

/** A header that ends the chain elsewhere than the file does: either it was altered, or the file was cut short. */
const readPromise = (at: Reading, header: Header): void => {
  const endsHere = at.previous.includes(header.chain);
  if (header.seq > at.seq && !endsHere)
    note(at, undefined, 'missing', `seal ${at.seq + 1}`, `the chain goes on to seal ${header.seq}`);
  else if (header.seq !== at.seq || !endsHere)
    note(at, 1, 'altered', 'header', `it ends the chain elsewhere than at seal ${at.seq} of the file`);
  else if (at.seq > 0 && !at.tenants.has(header.tenant))
    note(at, 1, 'altered', 'header', 'it names another tenant than the seals do');
};

/** What only the whole file shows: its header's promise, and what was left out. */
const readEnd = (at: Reading, bodies: ReadonlySet<string>): void => {
  const { header } = at;
  const intact = at.problems.length === 0;
  if (header === undefined) {
    if (intact) note(at, 1, 'missing', 'header', 'the file does not begin with one');
  } else if (intact) readPromise(at, header);
  const missing = [...at.missing, ...at.due.keys()];
  for (const name of missing) note(at, undefined, 'missing', name, 'it was sealed and is not in the file');
  /** A delivery's row is named by its body's hash: where the row is missing, its payload is no stranger. */
  const sealed = new Set(missing.map((name) => `sha256:${name.split('|').at(-1)}`));
  for (const [hash, line] of at.payloads)
    if (!bodies.has(hash) && !sealed.has(hash))
      note(at, line, 'added', `payload ${hash}`, 'no delivery had such a body');
  if (header?.payloads === true)
    for (const hash of bodies)
      if (!at.payloads.has(hash))
        note(at, undefined, 'missing', `payload ${hash}`, 'a delivery had it and the file does not');
};

/** Checks an export by itself, without any service: that nothing in it was altered, left out or added since it was sealed. */
export const verifyExport = (bytes: Uint8Array): Verified => {
  const at: Reading = {
    problems: [],
    header: undefined,
    previous: [GENESIS],
    seq: 0,
    head: undefined,
    tenants: new Set(),
    due: new Map(),
    missing: [],
    records: new Set(),
    payloads: new Map(),
  };
  const bodies = new Set<string>();
  const lines = linesOf(bytes);
  lines.forEach((line, index) => {
    readLine(at, line, index + 1, bodies);
  });
  if (bytes.length > 0 && bytes.at(-1) !== LINE_FEED)
    note(at, lines.length, 'altered', `line ${lines.length}`, 'the last line does not end');
  readEnd(at, bodies);
  const order = ({ line }: Problem): number => line ?? Number.MAX_SAFE_INTEGER;
  return {
    tenant: at.header?.tenant,
    seals: at.seq,
    records: at.records.size,
    payloads: at.payloads.size,
    head: at.head,
    problems: [...at.problems].sort((a, b) => order(a) - order(b)),
  };
};
