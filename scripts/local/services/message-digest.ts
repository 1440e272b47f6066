/** The digests by which a client checks what SQS took and gave. */
import { createHash } from 'node:crypto';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const STRING_VALUE = 1;
const BINARY_VALUE = 2;

const withLength = (text: string | Buffer): Buffer[] => {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
};

export const md5Of = (content: string | Buffer): string => createHash('md5').update(content).digest('hex');

/** Names in order, then per attribute: name, type, kind of value, value, each but the kind with its length before it. */
export const md5OfAttributes = (attributes: MessageAttributes): string =>
  md5Of(
    Buffer.concat(
      Object.entries(attributes)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .flatMap(([name, { DataType, StringValue, BinaryValue }]) => [
          ...withLength(name),
          ...withLength(DataType),
          Buffer.from([StringValue === undefined ? BINARY_VALUE : STRING_VALUE]),
          ...withLength(StringValue ?? Buffer.from(BinaryValue ?? '', 'base64')),
        ]),
    ),
  );
