/** What the runtime's two servers share: whole bodies in, whole answers out. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export type HandleRequest = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface ListeningServer {
  readonly port: number;
  /** From now on these requests are answered; before, every answer is 503. */
  readonly serve: (
    handle: HandleRequest,
    onError: (error: unknown, response: ServerResponse) => void,
  ) => void;
  readonly stop: () => Promise<void>;
}

/** Undefined when the body is longer than the limit; the rest is then left unread. */
export const readBody = (request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > limitBytes) {
        request.pause();
        resolve(undefined);
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });

export const answer = (
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string | readonly string[]>>,
  body: string | Buffer,
): void => {
  const all = Object.entries(headers).map(
    ([name, value]) => [name, typeof value === 'string' ? value : [...value]] as const,
  );
  response.writeHead(status, { ...Object.fromEntries(all), 'content-length': Buffer.byteLength(body) });
  response.end(body);
};

/**
 * Takes the port at once, because others must be told the address before there is anything to serve.
 * @param port 0 takes any free one. @throws Error where the port is taken.
 */
export const listen = (port: number): Promise<ListeningServer> => {
  let handle: HandleRequest = async (_, response) =>
    answer(
      response,
      503,
      { 'content-type': 'application/json', 'retry-after': '1' },
      '{"message":"starting"}',
    );
  let onError = (_: unknown, response: ServerResponse): void => answer(response, 500, {}, '');
  const server: Server = createServer((request, response) => {
    handle(request, response).catch((error) => onError(error, response));
  });
  /** Longer than the idle time of any client here, so that none meets a connection that is being closed. */
  server.keepAliveTimeout = 120_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        serve: (handleRequest, handleError) => {
          handle = handleRequest;
          onError = handleError;
        },
        stop: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
};
