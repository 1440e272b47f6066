import * as v from 'valibot';
import type { TenantSettings } from '../contract/tenant.ts';
import type { CashFact } from '../event/fact.ts';
import type { RunwayInput } from '../model/runway.ts';
import { generic } from '../providers/generic/events.ts';
import { type PlanItem, parsePlanItem } from '../scenario/items.ts';
import { type Parsed, type Problem, parsedWith } from '../scenario/problems.ts';
import { withFact, withPlan } from './overlay.ts';

/** Plan items and events laid over a live forecast. */
interface WhatIf {
  /** In place of the item with the same id, where there is one. */
  readonly add: readonly PlanItem[];
  readonly remove: readonly string[];
  readonly facts: readonly CashFact[];
  /** What was understood and has no effect, as sentences. */
  readonly notes: readonly string[];
}

const ITEMS_MAX = 100;
const EVENTS_MAX = 500;

const list = (max: number): v.GenericSchema<unknown, unknown[]> =>
  v.pipe(v.array(v.unknown(), 'must be a list'), v.maxLength(max, `must hold at most ${max}`));

const envelope = v.pipe(
  v.strictObject({
    add: v.optional(list(ITEMS_MAX), []),
    remove: v.optional(
      v.pipe(
        v.array(v.string('must be the id of a plan item'), 'must be a list of plan item ids'),
        v.maxLength(ITEMS_MAX, `must hold at most ${ITEMS_MAX}`),
      ),
      [],
    ),
    events: v.optional(list(EVENTS_MAX), []),
  }),
  v.check(
    ({ add, remove, events }) => add.length + remove.length + events.length > 0,
    'changes nothing: give plan items to add, ids to remove, or events',
  ),
);

const inside = (path: string, problem: Problem): Problem => ({
  ...problem,
  path: problem.path === '$' ? path : `${path}.${problem.path}`,
});

const itemsIn = (add: readonly unknown[], problems: Problem[]): readonly PlanItem[] => {
  const seen = new Set<string>();
  return add.flatMap((json, index) => {
    const path = `add[${index}]`;
    const parsed = parsePlanItem(json);
    if (!parsed.ok) {
      problems.push(...parsed.problems.map((problem) => inside(path, problem)));
      return [];
    }
    const { id } = parsed.value;
    if (id !== undefined && seen.has(id))
      problems.push({ path: `${path}.id`, message: `${id} is added twice: give each item an id of its own` });
    if (id !== undefined) seen.add(id);
    return [parsed.value];
  });
};

/** `amount: must be positive; date: is no day` as problems of one event. */
const problemsOf = (path: string, rejected: string): readonly Problem[] =>
  rejected.split('; ').map((sentence) => {
    const [, member, message] = /^([a-z_.]+): (.*)$/.exec(sentence) ?? [];
    return member === undefined || message === undefined
      ? { path, message: sentence }
      : { path: `${path}.${member}`, message };
  });

const factsIn = (
  events: readonly unknown[],
  tenant: TenantSettings,
  { asOf, currency }: RunwayInput,
  problems: Problem[],
  notes: string[],
): readonly CashFact[] => {
  const reading = generic.interpret(Buffer.from(JSON.stringify({ schema: 1, events })), tenant);
  const read = 'events' in reading ? reading.events : [];
  return read.flatMap((event, index) => {
    const path = `events[${index}]`;
    if ('rejected' in event) {
      problems.push(...problemsOf(path, event.rejected));
      return [];
    }
    const { fact } = event;
    if (fact.kind !== 'cash')
      notes.push(
        `${path} grants credits, which moves no cash: add a plan item of kind credit to see what it pays`,
      );
    else if (fact.currency !== currency)
      problems.push({ path: `${path}.currency`, message: `must be ${currency}, which the forecast is in` });
    else if (fact.date > asOf)
      problems.push({
        path: `${path}.date`,
        message: `is after ${asOf}: add a plan item of kind scheduled for what is still to come`,
      });
    else return [fact];
    return [];
  });
};

/** Reads the body of a what-if against the live input it is laid over. */
export const parseWhatIf = (json: unknown, tenant: TenantSettings, live: RunwayInput): Parsed<WhatIf> => {
  if (Array.isArray(json)) return { ok: false, problems: [{ path: '$', message: 'must be a JSON object' }] };
  const outer = parsedWith(envelope, json);
  if (!outer.ok) return outer;
  const problems: Problem[] = [];
  const add = itemsIn(outer.value.add, problems);
  const known = new Set(live.plan.items.map(({ id }) => id));
  outer.value.remove.forEach((id, index) => {
    if (!known.has(id))
      problems.push({
        path: `remove[${index}]`,
        message: 'is the id of no plan item; GET /v1/plan lists them',
      });
  });
  const notes: string[] = [];
  const facts = factsIn(outer.value.events, tenant, live, problems, notes);
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, value: { add, remove: outer.value.remove, facts, notes } };
};

/** The live input with the overlay on it; the live one stays as it was. */
export const overlaid = (live: RunwayInput, { add, remove, facts }: WhatIf): RunwayInput =>
  facts.reduce(withFact, withPlan(live, { add, remove }));
