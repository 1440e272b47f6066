/** Services that speak AWS's query protocol: a form in, XML out. */
import { randomUUID } from 'node:crypto';
import XMLBuilder from 'fast-xml-builder';
import type { Access, LocalService, ServiceRequest } from '../service.ts';
import { ServiceFault } from './fault.ts';

/** A list is written as `<member>`s, undefined members not at all. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

export interface Form {
  readonly text: (name: string) => string | undefined;
  /** @throws ServiceFault where it is no whole number. */
  readonly integer: (name: string) => number | undefined;
  /** `NAME.member.1`, `NAME.member.2`... */
  readonly list: (name: string) => readonly string[];
  /** Forms of `NAME.member.1.*`, `NAME.member.2.*`... */
  readonly members: (name: string) => readonly Form[];
  /** The form of `NAME.*`; undefined where nothing of it was sent. */
  readonly nested: (name: string) => Form | undefined;
}

export interface QueryOperation {
  readonly access: (form: Form) => readonly Access[];
  /** @returns the content of the result element, or undefined for an operation without one. @throws ServiceFault */
  readonly handle: (form: Form) => { readonly [name: string]: XmlValue } | undefined;
}

export interface QueryProtocol {
  readonly signingName: string;
  readonly xmlNamespace: string;
  readonly operations: Readonly<Record<string, QueryOperation>>;
}

const memberNumber = (name: string, prefix: string): number =>
  Number(name.slice(prefix.length).split('.', 1)[0]);

const formOf = (values: ReadonlyMap<string, string>, prefix = ''): Form => {
  const numbers = (name: string): number[] => {
    const start = `${prefix}${name}.member.`;
    const found = [...values.keys()].filter((key) => key.startsWith(start));
    return [...new Set(found.map((key) => memberNumber(key, start)))].sort((a, b) => a - b);
  };
  const text = (name: string): string | undefined => values.get(prefix + name);
  return {
    text,
    integer: (name) => {
      const given = text(name);
      if (given === undefined) return undefined;
      if (/^-?\d+$/.test(given)) return Number(given);
      throw new ServiceFault('ValidationError', `${prefix}${name}: ${given} is no whole number`);
    },
    list: (name) => numbers(name).map((number) => text(`${name}.member.${number}`) ?? ''),
    members: (name) => numbers(name).map((number) => formOf(values, `${prefix}${name}.member.${number}.`)),
    nested: (name) =>
      [...values.keys()].some((key) => key.startsWith(`${prefix}${name}.`))
        ? formOf(values, `${prefix}${name}.`)
        : undefined,
  };
};

const memberLists = (value: XmlValue): unknown => {
  if (Array.isArray(value)) return { member: value.map(memberLists) };
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, memberLists(member)]),
  );
};

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });

export const queryService = ({ signingName, xmlNamespace, operations }: QueryProtocol): LocalService => {
  const xml = (status: number, document: object) => ({
    status,
    headers: { 'content-type': 'text/xml' },
    body: builder.build(document),
  });
  const failure = ({ code, message, status }: ServiceFault) =>
    xml(status, {
      ErrorResponse: {
        '@xmlns': xmlNamespace,
        Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message },
        RequestId: randomUUID(),
      },
    });
  const parse = ({ body }: ServiceRequest): { name: string; operation: QueryOperation; form: Form } => {
    const values = new Map(new URLSearchParams(body.toString()));
    const name = values.get('Action') ?? '';
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation)
      throw new Error(`${signingName}:${name || 'nothing'} is not supported by the local runtime`);
    return { name, operation, form: formOf(values) };
  };

  return {
    signingNames: [signingName],
    access: (request) => {
      const { operation, form } = parse(request);
      return operation.access(form);
    },
    handle: async (request) => {
      const { name, operation, form } = parse(request);
      try {
        const result = operation.handle(form);
        return xml(200, {
          [`${name}Response`]: {
            '@xmlns': xmlNamespace,
            ...(result && { [`${name}Result`]: memberLists(result) }),
            ResponseMetadata: { RequestId: randomUUID() },
          },
        });
      } catch (error) {
        if (error instanceof ServiceFault) return failure(error);
        throw error;
      }
    },
    denied: (_, message) => failure(new ServiceFault('AccessDenied', message, 403)),
  };
};
