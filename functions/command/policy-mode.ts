import type { PolicyMode } from '../../shared/aws/policy-mode.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';

const MODES = ['off', 'plan', 'apply'] as const;

/** `PUT /v1/policy/mode`: what the policy may do from its next run on. */
export const setPolicyMode = async (
  policyMode: Pick<PolicyMode, 'write'>,
  request: HttpRequest,
): Promise<HttpResponse> => {
  let asked: unknown;
  try {
    asked = (JSON.parse(request.rawBody.toString('utf8')) as { mode?: unknown } | null)?.mode;
  } catch {
    asked = undefined;
  }
  const mode = MODES.find((candidate) => candidate === asked);
  if (mode === undefined) return problem(400, 'Bad Request', `mode must be one of ${MODES.join(', ')}`);
  await policyMode.write(mode);
  return json(200, { mode });
};
