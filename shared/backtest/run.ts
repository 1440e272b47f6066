import { draw, randomStream, uniformOf } from '../forecast/random.ts';
import { seenFor } from './distribution.ts';
import type { Case, Method } from './question.ts';
import { type Score, scoreOf } from './scores.ts';

export interface Scored extends Score {
  readonly method: Method;
  readonly cluster: string;
  readonly leadDays: number;
}

export interface Run {
  readonly scored: readonly Scored[];
  /** Cases that the first method declined; they are scored for no method, so that all are compared on the same ones. */
  readonly declined: number;
}

const STREAM_WITHIN = 8;

/**
 * Puts every case to every method and scores the answers.
 * @param methods the first is the one under test: it alone may decline a case
 */
export const runCases = (
  cases: readonly Case[],
  methods: readonly Method[],
  afterCase: () => void = () => {},
): Run => {
  const scored: Scored[] = [];
  let declined = 0;
  for (const one of cases) {
    const { question, outcomeDays, seenDays, cluster, leadDays } = one;
    const stream = randomStream(question.seed, STREAM_WITHIN);
    draw(stream, leadDays, 0);
    const within = uniformOf(stream.words[0] ?? 0);
    for (const method of methods) {
      const forecast = method.forecast(question);
      if (forecast === undefined && method === methods[0]) {
        declined += 1;
        break;
      }
      if (forecast === undefined) throw new Error(`${method.name} declined ${question.asOf} of ${cluster}`);
      const score = scoreOf(seenFor(forecast, seenDays), outcomeDays, within);
      scored.push({ ...score, method, cluster, leadDays });
      method.learn?.(one);
    }
    afterCase();
  }
  return { scored, declined };
};
