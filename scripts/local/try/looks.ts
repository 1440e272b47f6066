/** What a story's steps look at, and how it is said. */
import type { Body, Look, Runway } from './scene.ts';

/** What the door answered. */
export const answered =
  (expected: string): Look =>
  async (_scene, reply) => {
    const status = reply?.status === 200 ? String(reply.body['status']) : String(reply?.status);
    if (status === expected) return { expected: true, says: status };
    throw new Error(`answered ${status} and not ${expected}: ${JSON.stringify(reply?.body)}`);
  };

export const cash =
  (amount: string): Look =>
  async (scene) => {
    const { cash: now } = await scene.runway();
    const before = scene.cashBefore();
    const says = now?.amount === before ? `cash stays ${before}` : `cash ${before} -> ${now?.amount}`;
    return { expected: now?.amount === amount, says: `${says} ${now?.currency}` };
  };

/** After all is worked off, cash is what it was. */
export const unchanged: Look = async (scene) => {
  await scene.settled();
  const { cash: now } = await scene.runway();
  const before = scene.cashBefore();
  if (now?.amount === before) return { expected: true, says: `cash stays ${before} ${now.currency}` };
  throw new Error(`cash should stay ${before} and is ${now?.amount}`);
};

/** `1 fact`, `2 facts`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Statements of a subject that stand, in the order of days and keys, and what matters of each. */
export const states =
  (subject: string, expected: readonly string[], say: (body: Body) => string): Look =>
  async (scene) => {
    const standing = (await scene.facts())
      .filter((fact) => fact.subject === subject && fact.body !== null)
      .sort((a, b) => (a.date + a.key < b.date + b.key ? -1 : 1))
      .map(({ body }) => say(body as Body));
    return {
      expected: standing.join('|') === expected.join('|'),
      says: [counted(standing.length, `${subject.replace('_', ' ')} statement`), ...standing]
        .join(', ')
        .replace(', ', ': '),
    };
  };

/** How many facts the ledger holds of a source. */
export const holds =
  (source: string, count: number): Look =>
  async (scene) => {
    const found = (await scene.facts()).filter((fact) => fact.source === source).length;
    return { expected: found === count, says: `${counted(found, 'fact')} in the ledger` };
  };

/** A reason to trust the number no more than so far. */
export const reason =
  (pattern: RegExp): Look =>
  async (scene) => {
    const { reasons } = (await scene.runway()).trust;
    const found = reasons.find((each) => pattern.test(each));
    return { expected: found !== undefined, says: `trust: ${found ?? reasons.join(', ')}` };
  };

/** A reason is given no more. */
export const noReason =
  (pattern: RegExp): Look =>
  async (scene) => {
    const found = (await scene.runway()).trust.reasons.find((each) => pattern.test(each));
    return { expected: found === undefined, says: found ?? 'the reason is gone' };
  };

/** A figure beside the number. */
export const beside =
  (name: string, amount: string): Look =>
  async (scene) => {
    const runway: Runway = await scene.runway();
    const figure = (runway[name] as Body | null | undefined)?.['amount'];
    return { expected: figure === amount, says: `${name} ${figure}` };
  };
