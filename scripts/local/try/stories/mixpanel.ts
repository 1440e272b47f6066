import { states, unchanged } from '../looks.ts';
import type { Body, Scene } from '../scene.ts';
import type { Story } from '../story.ts';

const signUp = (scene: Scene, id: string, daysAgo: number, more: Body = {}): Body => ({
  event: 'Sign Up',
  properties: { time: scene.secondsAgo(daysAgo), distinct_id: `person-${id}`, $insert_id: id, ...more },
});

const count = ({ metric, value }: Body): string => `${metric} ${value}`;

export const mixpanel: Story = {
  source: 'mixpanel',
  tells: 'how often something happened in the product, by day, from raw events: no cash',
  connected: () => 'the export is asked for as the service account local, with the secret local-secret',
  section: () => ({
    mixpanel: { region: 'eu', project: 1, metrics: [{ name: 'signups', event: 'Sign Up' }] },
  }),
  play: async (scene) => {
    const control = (route: string, body: object) =>
      scene.control(`mixpanel/data-eu.mixpanel.com/_control/${route}`, body);
    await scene.step(
      'two people signed up, one of them told twice; the hour strikes',
      async () => {
        await control('events', [signUp(scene, '1', 2), signUp(scene, '2', 2), signUp(scene, '2', 2)]);
        await scene.hour();
      },
      states('usage', ['signups 2'], count),
      unchanged,
    );
    await scene.step(
      'an event of that day comes late, another again with other properties; six hours later the last days are read anew',
      async () => {
        await control('events', [signUp(scene, '3', 2), signUp(scene, '1', 2, { plan: 'pro' })]);
        await scene.hour(6);
      },
      states('usage', ['signups 3'], count),
      unchanged,
    );
    await scene.step(
      'one more, but the export ends in the middle of a row: it counts for nothing',
      async () => {
        await control('events', [signUp(scene, '4', 2)]);
        await control('cuts', { times: 1 });
        await scene.hour(6);
      },
      states('usage', ['signups 3'], count),
    );
    await scene.step(
      'an hour later it is whole',
      () => scene.hour(1),
      states('usage', ['signups 4'], count),
      unchanged,
    );
  },
};
