/** Every source there is a story of, in the order in which they are listed. */
import { aws } from './stories/aws.ts';
import { chargebee } from './stories/chargebee.ts';
import { csv } from './stories/csv.ts';
import { ecb } from './stories/ecb.ts';
import { gcp } from './stories/gcp.ts';
import { generic } from './stories/generic.ts';
import { gusto } from './stories/gusto.ts';
import { mixpanel } from './stories/mixpanel.ts';
import { payroll } from './stories/payroll.ts';
import { plaid } from './stories/plaid.ts';
import { postgres } from './stories/postgres.ts';
import { posthog } from './stories/posthog.ts';
import { stripe } from './stories/stripe.ts';
import type { Story } from './story.ts';

export const STORIES: readonly Story[] = [
  stripe,
  plaid,
  chargebee,
  gusto,
  payroll,
  generic,
  csv,
  aws,
  gcp,
  posthog,
  mixpanel,
  postgres,
  ecb,
];

/** The stories of these sources. @throws Error with one line that names the sources there are. */
export const storiesOf = (names: readonly string[]): readonly Story[] =>
  [...new Set(names)].map((name) => {
    const story = STORIES.find(({ source }) => source === name);
    if (story === undefined)
      throw new Error(
        `--try: there is no source ${name}; name one or more of ${STORIES.map(({ source }) => source).join(', ')}`,
      );
    return story;
  });

/** A line for each, for whoever named none. */
export const listOfStories = (): string => {
  const width = Math.max(...STORIES.map(({ source }) => source.length));
  const lines = STORIES.map(({ source, tells }) => `  ${source.padEnd(width)}  ${tells}\n`);
  return `npm start -- --try SOURCE...\n${lines.join('')}`;
};
