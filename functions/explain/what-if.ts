import type { TenantSettings } from '../../shared/contract/tenant.ts';
import { pairedBody } from '../../shared/explain/body.ts';
import { paired } from '../../shared/explain/paired.ts';
import { overlaid, parseWhatIf } from '../../shared/explain/what-if.ts';
import { type HttpRequest, type HttpResponse, json, problem } from '../../shared/lambda/http.ts';
import { detailOf } from '../../shared/scenario/problems.ts';
import { liveForecast } from './explain.ts';
import type { PastDeps } from './past.ts';

const MAX_BODY_BYTES = 1024 * 1024;

const parsedJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
};

/** `POST /v1/runway/whatif`: the live forecast with something laid over it, beside the one without. Nothing is stored. */
export const whatIfResponse = async (
  deps: PastDeps,
  { rawBody, nowMs }: Pick<HttpRequest, 'rawBody' | 'nowMs'>,
  tenant: TenantSettings,
): Promise<HttpResponse> => {
  if (rawBody.length > MAX_BODY_BYTES)
    return problem(413, 'Content Too Large', 'a what-if takes at most 1 MB');
  const sent = parsedJson(rawBody);
  if (sent === undefined) return problem(400, 'Bad Request', 'the body is no JSON');
  const { input } = await liveForecast(deps, tenant, nowMs);
  const parsed = parseWhatIf(sent, tenant, input);
  if (!parsed.ok) return problem(400, 'Bad Request', detailOf(parsed.problems));
  return json(200, {
    tenant: tenant.tenant,
    ...pairedBody(paired(input, overlaid(input, parsed.value))),
    notes: parsed.value.notes,
  });
};
