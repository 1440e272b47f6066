import type { EventBus } from '../../shared/aws/event-bus.ts';
import type { ForecastChange } from '../../shared/aws/forecast-change.ts';
import { FORECAST_CHANGED } from '../../shared/contract/names.ts';

/** What listeners decide on; a change of anything else is no news to them. */
const headline = (document: string): Readonly<Record<string, unknown>> => {
  const { status, p5_days, p50_days, p95_days, as_of, trust } = JSON.parse(document);
  return { status, p5_days, p50_days, p95_days, as_of, trust };
};

/** Announces each change of the headline on the bus. At least once: a batch that fails is announced again. */
export const announce = async (
  deps: { readonly bus: EventBus },
  changes: readonly ForecastChange[],
): Promise<void> => {
  const news = changes.filter(
    ({ document, previousDocument }) =>
      previousDocument === undefined ||
      JSON.stringify(headline(document)) !== JSON.stringify(headline(previousDocument)),
  );
  if (news.length === 0) return;
  await deps.bus.put(
    news.map(({ tenant, fence, document }) => ({
      detailType: FORECAST_CHANGED,
      detail: { tenant, fence, ...headline(document) },
    })),
  );
};
