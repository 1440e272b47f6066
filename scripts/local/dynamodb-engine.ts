/**
 * Speaks to DynamoDB Local.
 *
 * Without `-sharedDb` the access key chooses the database, and a second streamed table in one database is several times
 * slower than the first; so every table lives under a key of its own. Requests across tables are not possible that way.
 */
import { createHash } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { REGION } from './attributes.ts';

export interface EngineAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface DynamoEngine {
  readonly endpoint: string;
  /** Sends a request body as it is. `target` as in `DynamoDB_20120810.PutItem`. */
  readonly forward: (table: string, target: string, body: string | Buffer) => Promise<EngineAnswer>;
  /** @throws EngineError on any answer but 200. */
  readonly call: <Answer>(table: string, target: string, input: object) => Promise<Answer>;
  readonly close: () => void;
}

export class EngineError extends Error {
  /** `ResourceNotFoundException` and its like. */
  readonly type: string;

  constructor(type: string, message: string) {
    super(`${type}: ${message}`);
    this.name = 'EngineError';
    this.type = type;
  }
}

/** Letters and digits only: the engine turns it into a file name. */
const accessKeyOf = (table: string): string =>
  table.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 40) +
  createHash('sha256').update(table).digest('hex').slice(0, 8);

const closedWhileIdle = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'ECONNRESET' || error.code === 'EPIPE';

export const dynamoEngine = (endpoint: string): DynamoEngine => {
  const { hostname, port } = new URL(endpoint);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const authorizations = new Map<string, string>();

  const authorizationFor = (table: string): string => {
    const known = authorizations.get(table);
    if (known) return known;
    const scope = `20260101/${REGION}/dynamodb/aws4_request`;
    const value = `AWS4-HMAC-SHA256 Credential=${accessKeyOf(table)}/${scope}, SignedHeaders=host, Signature=0`;
    authorizations.set(table, value);
    return value;
  };

  const send = (
    table: string,
    target: string,
    body: string | Buffer,
    isRetry = false,
  ): Promise<EngineAnswer> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: authorizationFor(table),
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(body),
        'x-amz-target': target,
      };
      const outgoing = request({ agent, hostname, port, method: 'POST', path: '/', headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        if (!isRetry && outgoing.reusedSocket && closedWhileIdle(error))
          send(table, target, body, true).then(resolve, reject);
        else reject(error);
      });
      outgoing.end(body);
    });

  return {
    endpoint,
    forward: send,
    call: async <Answer>(table: string, target: string, input: object) => {
      const { status, body } = await send(table, target, JSON.stringify(input));
      const answer: unknown = JSON.parse(body.toString() || '{}');
      if (status === 200) return answer as Answer;
      const { __type = '', message, Message } = answer as Record<string, string>;
      throw new EngineError(__type.split('#').at(-1) ?? '', message ?? Message ?? `status ${status}`);
    },
    close: () => agent.destroy(),
  };
};
