/** Services that speak AWS's JSON protocols: `X-Amz-Target` names the operation, the body is its input. */
import { randomUUID } from 'node:crypto';
import type { Access, LocalService, ServiceRequest, ServiceResponse } from '../service.ts';
import { ServiceFault } from './fault.ts';

export type Input = Readonly<Record<string, unknown>>;

export interface JsonOperation {
  readonly access: (input: Input) => readonly Access[];
  /** @throws ServiceFault */
  readonly handle: (input: Input) => object;
}

export interface JsonProtocol {
  readonly signingName: string;
  /** `AmazonSSM` of `AmazonSSM.GetParameter`. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
  readonly operations: Readonly<Record<string, JsonOperation>>;
  /** Headers that go with an error of the code. */
  readonly errorHeaders?: (code: string) => Readonly<Record<string, string>>;
}

/** The text of a member. @throws ServiceFault where it is missing. */
export const requiredText = (input: Input, name: string): string => {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new ServiceFault('ValidationException', `1 validation error detected: ${name} is required`);
};

export const jsonService = (protocol: JsonProtocol): LocalService => {
  const { signingName, target, version, operations, errorHeaders = () => ({}) } = protocol;

  const respond = (status: number, body: object, headers: Readonly<Record<string, string>> = {}) => ({
    status,
    headers: {
      'content-type': `application/x-amz-json-${version}`,
      'x-amzn-requestid': randomUUID(),
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const failure = ({ code, message, status }: ServiceFault): ServiceResponse =>
    respond(status, { __type: code, message }, errorHeaders(code));

  const operationOf = ({ headers }: ServiceRequest): JsonOperation => {
    const [, name = ''] = headers['x-amz-target']?.split('.') ?? [];
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (operation && headers['x-amz-target'] === `${target}.${name}`) return operation;
    throw new Error(`${signingName}:${name || 'nothing'} is not supported by the local runtime`);
  };
  const inputOf = ({ body }: ServiceRequest): Input => JSON.parse(body.toString() || '{}') as Input;

  return {
    signingNames: [signingName],
    access: (request) => {
      const operation = operationOf(request);
      try {
        return operation.access(inputOf(request));
      } catch (error) {
        /** Of a request that is refused for its input there is nothing to ask; handling it will say why. */
        if (error instanceof ServiceFault) return [];
        throw error;
      }
    },
    handle: async (request) => {
      try {
        return respond(200, operationOf(request).handle(inputOf(request)));
      } catch (error) {
        if (error instanceof ServiceFault) return failure(error);
        throw error;
      }
    },
    denied: (_, message) => failure(new ServiceFault('AccessDeniedException', message)),
  };
};
