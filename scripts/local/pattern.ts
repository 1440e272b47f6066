/** Event patterns of EventBridge rules and stream filters: the part of the documented language that templates here use. */

type Matcher = (value: unknown) => boolean;
/** Whether an event matches. */
export type EventPattern = (event: unknown) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An array in the event matches when any of its items does. */
const anyItem = (value: unknown, test: Matcher): boolean =>
  Array.isArray(value) ? value.some(test) : test(value);

const isLeaf = (value: unknown): boolean => value !== undefined && !isObject(value);

const text =
  (test: (value: string, argument: string) => boolean) =>
  (argument: unknown): Matcher => {
    if (typeof argument !== 'string') throw new Error(`needs text, not ${JSON.stringify(argument)}`);
    return (value) => anyItem(value, (each) => typeof each === 'string' && test(each, argument));
  };

const anythingBut = (argument: unknown): Matcher => {
  const excluded = isObject(argument)
    ? matcherOf(argument)
    : (value: unknown): boolean => (Array.isArray(argument) ? argument : [argument]).includes(value);
  return (value) => isLeaf(value) && anyItem(value, (each) => !excluded(each));
};

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** `["<", 10, ">=", 0]` */
const numeric = (argument: unknown): Matcher => {
  const parts = Array.isArray(argument) ? argument : [];
  const tests: Matcher[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const compare = COMPARISONS[String(parts[index])];
    if (!compare) throw new Error(`unknown comparison ${parts[index]}`);
    const bound = Number(parts[index + 1]);
    tests.push((value) => typeof value === 'number' && compare(value, bound));
  }
  return (value) => anyItem(value, (each) => tests.every((test) => test(each)));
};

const OPERATORS: Readonly<Record<string, (argument: unknown) => Matcher>> = {
  /** Looks at leaves only: an object is neither there nor absent. */
  exists: (argument) => (value) => isLeaf(value) === (argument === true),
  prefix: text((value, argument) => value.startsWith(argument)),
  suffix: text((value, argument) => value.endsWith(argument)),
  'equals-ignore-case': text((value, argument) => value.toLowerCase() === argument.toLowerCase()),
  'anything-but': anythingBut,
  numeric,
};

/** One item of a pattern's list: a literal, or an object with one operator. */
const matcherOf = (item: unknown): Matcher => {
  if (!isObject(item)) return (value) => anyItem(value, (each) => each === item);
  const [[name, argument] = ['', undefined], ...more] = Object.entries(item);
  const operator = OPERATORS[name];
  if (!operator || more.length > 0)
    throw new Error(`event pattern uses ${JSON.stringify(item)}, which the local runtime does not know`);
  return operator(argument);
};

const compile = (pattern: unknown): Matcher => {
  if (Array.isArray(pattern)) {
    const matchers = pattern.map(matcherOf);
    return (value) => matchers.some((matches) => matches(value));
  }
  if (!isObject(pattern)) throw new Error(`an event pattern holds lists, not ${JSON.stringify(pattern)}`);
  const fields = Object.entries(pattern).map(([name, inner]) => [name, compile(inner)] as const);
  return (value) => fields.every(([name, matches]) => matches(isObject(value) ? value[name] : undefined));
};

/** @throws Error on an operator outside the supported part. */
export const eventPattern = (pattern: unknown): EventPattern => compile(pattern);

/** `FilterCriteria` of an event source mapping: any of its filters lets a record through; none means all do. */
export const filterCriteria = (criteria: unknown): EventPattern => {
  const filters = ((criteria as { Filters?: { Pattern: string }[] } | undefined)?.Filters ?? []).map(
    ({ Pattern }) => eventPattern(JSON.parse(Pattern)),
  );
  return (event) => filters.length === 0 || filters.some((matches) => matches(event));
};
