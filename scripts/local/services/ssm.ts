/** Systems Manager's parameter store. */
import { ACCOUNT, REGION } from '../attributes.ts';
import type { Durable, Records } from '../durable.ts';
import type { Access, LocalService } from '../service.ts';
import { ServiceFault } from './fault.ts';
import { type Input, type JsonOperation, jsonService, requiredText } from './json-protocol.ts';

export type ParameterType = 'String' | 'StringList' | 'SecureString';

export interface NewParameter {
  readonly name: string;
  readonly value: string;
  readonly type: ParameterType;
  /** Values that do not match are refused, by later writes too. */
  readonly allowedPattern?: string;
}

interface Parameter extends NewParameter {
  readonly version: number;
  readonly modifiedMs: number;
}

export interface Ssm {
  readonly service: LocalService;
  /** Creates what a template or the runtime brings along; a parameter that is there already keeps its value. */
  readonly seed: (parameter: NewParameter) => void;
}

const MAX_VALUE_BYTES = 4096;
const MAX_NAMES = 10;

const parameterArn = (name: string): string =>
  `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/${name.replace(/^\//, '')}`;

/** Reading is asked for each name apart. The account's own key for parameters needs no grant of its own. */
const access = (action: string, names: readonly string[]): Access[] =>
  names.map((name) => ({ action: `ssm:${action}`, resource: parameterArn(name) }));

const wireParameter = (parameter: Parameter, decrypted: boolean): object => ({
  Name: parameter.name,
  Type: parameter.type,
  Value: parameter.type === 'SecureString' && !decrypted ? cipherText(parameter) : parameter.value,
  Version: parameter.version,
  LastModifiedDate: parameter.modifiedMs / 1000,
  ARN: parameterArn(parameter.name),
  DataType: 'text',
});

/** Not a cipher, only not the value: whoever forgets to ask for decryption notices here as on AWS. */
const cipherText = ({ name, version }: Parameter): string =>
  Buffer.from(`encrypted ${name} ${version}`).toString('base64');

const checkValue = (value: string, allowedPattern: string | undefined): void => {
  if (Buffer.byteLength(value) > MAX_VALUE_BYTES)
    throw new ServiceFault(
      'ValidationException',
      `Standard parameters hold ${MAX_VALUE_BYTES} bytes at most`,
    );
  if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(value))
    throw new ServiceFault(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`,
    );
};

const namesOf = (input: Input): string[] => (input['Names'] ?? []) as string[];

const reading = (parameters: Records<Parameter>): Record<string, JsonOperation> => ({
  GetParameter: {
    access: (input) => access('GetParameter', [requiredText(input, 'Name')]),
    handle: (input) => {
      const known = parameters.get(requiredText(input, 'Name'));
      if (!known) throw new ServiceFault('ParameterNotFound', '');
      return { Parameter: wireParameter(known, input['WithDecryption'] === true) };
    },
  },
  GetParameters: {
    access: (input) => access('GetParameters', namesOf(input)),
    handle: (input) => {
      const names = namesOf(input);
      if (names.length === 0 || names.length > MAX_NAMES)
        throw new ServiceFault('ValidationException', `Names must have between 1 and ${MAX_NAMES} members`);
      const known = names.map((name) => parameters.get(name)).filter((each) => each !== undefined);
      return {
        Parameters: known.map((each) => wireParameter(each, input['WithDecryption'] === true)),
        InvalidParameters: names.filter((name) => !known.some((each) => each.name === name)),
      };
    },
  },
});

export const ssmService = (durable: Durable, clock: () => number = Date.now): Ssm => {
  const parameters = durable.records<Parameter>('ssm');

  const write = (parameter: NewParameter, version: number): void => {
    checkValue(parameter.value, parameter.allowedPattern);
    parameters.put(parameter.name, { ...parameter, version, modifiedMs: clock() });
  };

  const put = (input: Input): object => {
    const name = requiredText(input, 'Name');
    const known = parameters.get(name);
    if (known && input['Overwrite'] !== true)
      throw new ServiceFault('ParameterAlreadyExists', 'The parameter already exists.');
    const type = (input['Type'] ?? known?.type) as ParameterType | undefined;
    if (type === undefined)
      throw new ServiceFault(
        'ValidationException',
        'A parameter type is required when you create a parameter.',
      );
    const allowedPattern = (input['AllowedPattern'] ?? known?.allowedPattern) as string | undefined;
    const version = (known?.version ?? 0) + 1;
    const value = requiredText(input, 'Value');
    write({ name, value, type, ...(allowedPattern !== undefined && { allowedPattern }) }, version);
    return { Version: version, Tier: 'Standard' };
  };

  return {
    seed: (parameter) => {
      if (parameters.get(parameter.name) === undefined) write(parameter, 1);
    },
    service: jsonService({
      signingName: 'ssm',
      target: 'AmazonSSM',
      version: '1.1',
      operations: {
        ...reading(parameters),
        PutParameter: {
          access: (input) => access('PutParameter', [requiredText(input, 'Name')]),
          handle: put,
        },
      },
    }),
  };
};
