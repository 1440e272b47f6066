/** Condition blocks of IAM statements. */

/** Condition keys of a request with their values; a key that is absent was not sent. */
export type ConditionContext = Readonly<Record<string, string | readonly string[]>>;
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const wildcards = new Map<string, RegExp>();

/** `*` is any run of characters, `?` any one. */
export const matchesWildcard = (pattern: string, value: string): boolean => {
  if (pattern === '*' || pattern === value) return true;
  let compiled = wildcards.get(pattern);
  if (!compiled) {
    const source = pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    compiled = new RegExp(`^${source}$`, 's');
    wildcards.set(pattern, compiled);
  }
  return compiled.test(value);
};

type Test = (expected: string, actual: string) => boolean;

const numeric =
  (compare: (actual: number, expected: number) => boolean): Test =>
  (expected, actual) =>
    compare(Number(actual), Number(expected));

/** ARNs match part by part, so that a wildcard cannot swallow a colon. */
const arnLike: Test = (expected, actual) => {
  const [want, have] = [expected.split(':'), actual.split(':')];
  const tail = (parts: string[]): string[] => [...parts.slice(0, 5), parts.slice(5).join(':')];
  return tail(want).every((part, index) => matchesWildcard(part, tail(have)[index] ?? ''));
};

const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: (expected, actual) => expected === actual,
  StringEqualsIgnoreCase: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
  StringLike: matchesWildcard,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
  NumericEquals: numeric((actual, expected) => actual === expected),
  NumericLessThan: numeric((actual, expected) => actual < expected),
  NumericLessThanEquals: numeric((actual, expected) => actual <= expected),
  NumericGreaterThan: numeric((actual, expected) => actual > expected),
  NumericGreaterThanEquals: numeric((actual, expected) => actual >= expected),
};

/** Negated operators hold when none of the expected values matches, and when the key is absent. */
const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
};

const values = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);

interface Operator {
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly test: Test;
  readonly negated: boolean;
  readonly ifExists: boolean;
}

const operatorNamed = (name: string): Operator | undefined => {
  const [, quantifier, base, suffix] =
    /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(name) ?? [];
  const positive = NEGATED[base ?? ''] ?? base ?? '';
  const test = TESTS[positive];
  if (!test) return undefined;
  return {
    quantifier: quantifier as Operator['quantifier'],
    test,
    negated: positive !== base,
    ifExists: suffix !== undefined,
  };
};

const holds = (
  { quantifier, test, negated, ifExists }: Operator,
  expected: string[],
  sent: string[] | undefined,
) => {
  if (sent === undefined) return ifExists || negated || quantifier === 'ForAllValues';
  const one = (actual: string): boolean => expected.some((each) => test(each, actual)) !== negated;
  return quantifier === 'ForAnyValue' || (quantifier === undefined && !negated)
    ? sent.some(one)
    : sent.every(one);
};

/** Whether the whole block holds; the name of an operator that is not known here, where one occurs. */
export const conditionsHold = (
  block: ConditionBlock,
  context: ConditionContext,
): { readonly held: boolean } | { readonly unknownOperator: string } => {
  const lowered = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), values(value)]));
  let held = true;
  for (const [name, keys] of Object.entries(block)) {
    const operator = name === 'Null' ? undefined : operatorNamed(name);
    if (name !== 'Null' && !operator) return { unknownOperator: name };
    for (const [key, expected] of Object.entries(keys)) {
      const sent = lowered.get(key.toLowerCase());
      held &&= operator
        ? holds(operator, values(expected), sent)
        : values(expected).includes(String(sent === undefined));
    }
  }
  return { held };
};
