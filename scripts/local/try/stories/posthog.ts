import { states, unchanged } from '../looks.ts';
import type { Body, Scene } from '../scene.ts';
import type { Story } from '../story.ts';

const ACTIVE = `SELECT toString(toDate(toTimeZone(timestamp, {zone}))) AS day, count(DISTINCT person_id) FROM events
WHERE timestamp >= toDateTime({from}, {zone}) AND timestamp < toDateTime({before}, {zone}) GROUP BY day LIMIT 1000`;

const signup = (scene: Scene, uuid: string, daysAgo: number): Body => ({
  ...{ uuid, event: 'user signed up', timestamp: `${scene.daysAgo(daysAgo)}T18:00:00Z` },
});

const count = ({ metric, value }: Body): string => `${metric} ${value}`;

export const posthog: Story = {
  source: 'posthog',
  tells: 'how often something happened in the product, by day: no cash',
  connected: () => 'queries are asked with the personal API key phx_local',
  section: () => ({
    posthog: {
      host: 'us.posthog.com',
      project: 1,
      metrics: [
        { name: 'signups', event: 'user signed up' },
        { name: 'active', query: ACTIVE },
      ],
    },
  }),
  play: async (scene) => {
    const control = (route: string, body: object) =>
      scene.control(`posthog/us.posthog.com/_control/${route}`, body);
    await scene.step(
      'two people signed up, one of them told twice; a query of your own counts five active; the hour strikes',
      async () => {
        await control('events', [signup(scene, '1', 2), signup(scene, '2', 2), signup(scene, '2', 2)]);
        await control('answers', { query: ACTIVE, rows: [[scene.daysAgo(2), 5]] });
        await scene.hour();
      },
      states('usage', ['active 5', 'signups 2'], count),
      unchanged,
    );
    await scene.step(
      'the hour strikes again',
      () => scene.hour(),
      states('usage', ['active 5', 'signups 2'], count),
    );
    await scene.step(
      'an event of that day comes late; six hours later the last days are asked for again',
      async () => {
        await control('events', [signup(scene, '3', 2)]);
        await scene.hour(6);
      },
      states('usage', ['active 5', 'signups 3'], count),
      unchanged,
    );
  },
};
