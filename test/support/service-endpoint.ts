import { answer, listen, readBody } from '../../scripts/local/http-server.ts';
import type { Access, LocalService, ServiceRequest } from '../../scripts/local/service.ts';

export interface ServiceEndpoint {
  /** For the constructor of an SDK client. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** What IAM was asked, in order. */
  readonly asked: Access[];
  /** From now on every request is denied. */
  readonly deny: () => void;
  /** Until now. */
  readonly allow: () => void;
  readonly requests: ServiceRequest[];
  readonly stop: () => Promise<void>;
}

/** One service on a port of its own, so that an unmodified SDK client can talk to it. */
export const serviceEndpoint = async (service: LocalService): Promise<ServiceEndpoint> => {
  const server = await listen(0);
  const asked: Access[] = [];
  const requests: ServiceRequest[] = [];
  let denying = false;
  server.serve(
    async (incoming, response) => {
      const body = (await readBody(incoming, 64 * 1024 * 1024)) ?? Buffer.alloc(0);
      const headers = Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
      );
      const request = { method: incoming.method ?? '', path: incoming.url ?? '', headers, body };
      requests.push(request);
      asked.push(...service.access(request));
      const result = denying ? service.denied(request, 'not authorized') : await service.handle(request);
      answer(response, result.status, result.headers, result.body);
    },
    (error, response) => answer(response, 501, {}, String(error)),
  );
  return {
    client: {
      endpoint: `http://127.0.0.1:${server.port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
    },
    asked,
    deny: () => {
      denying = true;
    },
    allow: () => {
      denying = false;
    },
    requests,
    stop: server.stop,
  };
};
