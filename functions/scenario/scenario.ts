import { type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import { forecastScenario } from '../../shared/scenario/forecast-scenario.ts';
import { parseScenario } from '../../shared/scenario/parse.ts';
import { detailOf } from '../../shared/scenario/problems.ts';

/** The forecast of the scenario in `body`, or every problem that the scenario has. */
export const scenarioResponse = (body: Buffer): HttpResponse => {
  let sent: unknown;
  try {
    sent = JSON.parse(body.toString('utf8'));
  } catch {
    return problem(400, 'Bad Request', 'the body is no JSON');
  }
  const parsed = parseScenario(sent);
  return parsed.ok
    ? json(200, forecastScenario(parsed.value))
    : problem(400, 'Bad Request', detailOf(parsed.problems));
};
