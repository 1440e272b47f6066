/** Evaluates the intrinsic functions of a CloudFormation template against a scope of known values. */

/** What `Ref`, `Fn::GetAtt` and the cross-stack functions see from inside one stack. */
export interface Scope {
  readonly ref: (logicalId: string) => unknown;
  readonly attribute: (logicalId: string, attribute: string) => unknown;
  readonly condition: (name: string) => boolean;
  readonly exported: (name: string) => unknown;
  readonly stackOutput: (stackName: string, output: string) => unknown;
  readonly mapping: (map: string, key: string, subKey: string) => unknown;
}

/** The value of `AWS::NoValue`: the property that holds it disappears. */
export const NO_VALUE: unique symbol = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, evaluate: (node: unknown) => unknown, scope: Scope) => unknown;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const list = (value: unknown, intrinsic: string): unknown[] => {
  if (!Array.isArray(value)) throw new Error(`${intrinsic} needs a list, not ${JSON.stringify(value)}`);
  return value;
};

const text = (value: unknown, intrinsic: string): string => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new Error(`${intrinsic} needs text, not ${JSON.stringify(value)}`);
};

/** `Logical.Attribute.Nested` or `[Logical, Attribute]`. */
const attributeParts = (argument: unknown, evaluate: (node: unknown) => unknown): [string, string] => {
  if (Array.isArray(argument)) {
    const [logicalId, attribute] = argument;
    return [text(logicalId, 'Fn::GetAtt'), text(evaluate(attribute), 'Fn::GetAtt')];
  }
  const path = text(argument, 'Fn::GetAtt');
  const dot = path.indexOf('.');
  return [path.slice(0, dot), path.slice(dot + 1)];
};

const substitute: Intrinsic = (argument, evaluate, scope) => {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const known = isObject(variables) ? variables : {};
  return text(template, 'Fn::Sub').replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal !== '') return `\${${name}}`;
    if (name in known) return text(evaluate(known[name]), 'Fn::Sub');
    if (name.startsWith('AWS::') || !name.includes('.')) return text(scope.ref(name), 'Fn::Sub');
    const [logicalId, attribute] = attributeParts(name, evaluate);
    return text(scope.attribute(logicalId, attribute), 'Fn::Sub');
  });
};

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, _, scope) => scope.ref(text(argument, 'Ref')),
  'Fn::GetAtt': (argument, evaluate, scope) => scope.attribute(...attributeParts(argument, evaluate)),
  'Fn::Sub': substitute,
  'Fn::Join': (argument, evaluate) => {
    const [separator, parts] = list(argument, 'Fn::Join');
    return list(evaluate(parts), 'Fn::Join')
      .map((part) => text(part, 'Fn::Join'))
      .join(text(separator, 'Fn::Join'));
  },
  'Fn::Split': (argument, evaluate) => {
    const [separator, source] = list(argument, 'Fn::Split');
    return text(evaluate(source), 'Fn::Split').split(text(separator, 'Fn::Split'));
  },
  'Fn::Select': (argument, evaluate) => {
    const [index, source] = list(argument, 'Fn::Select');
    const items = list(evaluate(source), 'Fn::Select');
    const position = Number(evaluate(index));
    if (!(position in items)) throw new Error(`Fn::Select: no item ${position} in a list of ${items.length}`);
    return items[position];
  },
  'Fn::If': (argument, evaluate, scope) => {
    const [condition, whenTrue, whenFalse] = list(argument, 'Fn::If');
    return evaluate(scope.condition(text(condition, 'Fn::If')) ? whenTrue : whenFalse);
  },
  Condition: (argument, _, scope) => scope.condition(text(argument, 'Condition')),
  'Fn::Equals': (argument, evaluate) => {
    const [left, right] = list(argument, 'Fn::Equals').map(evaluate);
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::Not': (argument, evaluate) => !evaluate(list(argument, 'Fn::Not')[0]),
  'Fn::And': (argument, evaluate) => list(argument, 'Fn::And').every((each) => evaluate(each) === true),
  'Fn::Or': (argument, evaluate) => list(argument, 'Fn::Or').some((each) => evaluate(each) === true),
  'Fn::ImportValue': (argument, evaluate, scope) =>
    scope.exported(text(evaluate(argument), 'Fn::ImportValue')),
  'Fn::GetStackOutput': (argument, evaluate, scope) => {
    const source = evaluate(argument);
    if (!isObject(source)) throw new Error('Fn::GetStackOutput needs StackName and OutputName');
    return scope.stackOutput(
      text(source['StackName'], 'Fn::GetStackOutput'),
      text(source['OutputName'], 'Fn::GetStackOutput'),
    );
  },
  'Fn::FindInMap': (argument, evaluate, scope) => {
    const [map, key, subKey] = list(argument, 'Fn::FindInMap').map((each) =>
      text(evaluate(each), 'Fn::FindInMap'),
    );
    return scope.mapping(map ?? '', key ?? '', subKey ?? '');
  },
  'Fn::Base64': (argument, evaluate) =>
    Buffer.from(text(evaluate(argument), 'Fn::Base64')).toString('base64'),
  'Fn::GetAZs': () => ['us-east-1a', 'us-east-1b'],
  /** Subnets do not exist here; each gets a name in place of its address range. */
  'Fn::Cidr': (argument, evaluate) =>
    Array.from(
      { length: Number(evaluate(list(argument, 'Fn::Cidr')[1])) },
      (_, index) => `10.0.${index}.0/24`,
    ),
  'Fn::ToJsonString': (argument, evaluate) => JSON.stringify(evaluate(argument)),
};

/** @throws Error on an intrinsic function that this runtime does not know. */
export const evaluateIntrinsics = (node: unknown, scope: Scope): unknown => {
  const evaluate = (inner: unknown): unknown => evaluateIntrinsics(inner, scope);
  if (Array.isArray(node)) return node.map(evaluate).filter((each) => each !== NO_VALUE);
  if (!isObject(node)) return node;
  const entries = Object.entries(node);
  const [name, argument] = entries[0] ?? ['', undefined];
  if (entries.length === 1) {
    const intrinsic = INTRINSICS[name];
    /** A lone `Condition` object is a statement's or a policy's condition block; a reference is text. */
    if (intrinsic && !(name === 'Condition' && isObject(argument)))
      return intrinsic(argument, evaluate, scope);
    if (name.startsWith('Fn::'))
      throw new Error(`template uses ${name}, which the local runtime does not know`);
  }
  return Object.fromEntries(
    entries.map(([key, value]) => [key, evaluate(value)]).filter(([, value]) => value !== NO_VALUE),
  );
};
