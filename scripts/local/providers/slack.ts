import type { ProviderStub } from '../local-paths.ts';
import type { ServiceResponse } from '../service.ts';
import { turnedAway } from './turned-away.ts';

const answer = (status: number, body: string, type = 'text/plain'): ServiceResponse => ({
  status,
  headers: { 'content-type': type },
  body,
});

interface PostedMessage {
  readonly webhook: string;
  readonly text: string;
}

/**
 * Slack's incoming webhooks, for the local run: any address under `/services/` takes messages, `GET /_control/messages` lists
 * them, and `POST /_control/answers` `{"status":410,"body":"channel_is_archived"}` orders other answers.
 * @param heard is told of each message that was taken, as one line.
 */
export const slackStub = (heard: (line: string) => void): ProviderStub => {
  const messages: PostedMessage[] = [];
  const away = turnedAway();

  const take = (webhook: string, body: string): ServiceResponse => {
    const { text } = JSON.parse(body) as { readonly text?: unknown };
    if (typeof text !== 'string' || text === '') return answer(400, 'no_text');
    messages.push({ webhook, text });
    heard(`Slack: ${text.split('\n', 1)[0]}`);
    return answer(200, 'ok');
  };

  return (request) => {
    const { method, path, body } = request;
    if (method === 'POST' && path.startsWith('/services/')) return away.next() ?? take(path, body.toString());
    if (method === 'POST' && path === '/_control/answers') return away.order(request);
    if (method === 'GET' && path === '/_control/messages')
      return answer(200, JSON.stringify({ messages }), 'application/json');
    return answer(404, 'no_service');
  };
};
