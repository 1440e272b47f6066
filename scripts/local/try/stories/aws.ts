import type { CivilDate } from '../../../../shared/time/civil-date.ts';
import { addDays } from '../../../../shared/time/civil-date.ts';
import { answered, states, unchanged } from '../looks.ts';
import type { Body, Look, Scene } from '../scene.ts';
import type { Story } from '../story.ts';

const SERVICE = 'Amazon Elastic Compute Cloud - Compute';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:budgets';

const section = (today: CivilDate): object => ({
  aws: {
    payer: '123456789012',
    requests_per_day: 40,
    budgets_topic: TOPIC,
    credits: [
      { id: 'activate', remaining: 1000, as_of: addDays(today, -20), expires_on: addDays(today, 90) },
    ],
  },
});

const day = (scene: Scene, daysAgo: number, usage: string, credit: string): readonly Body[] => [
  { date: scene.daysAgo(daysAgo), service: SERVICE, type: 'Usage', amount: usage },
  { date: scene.daysAgo(daysAgo), service: SERVICE, type: 'Credit', amount: credit },
];

const isConfirmed: Look = async (scene) => {
  const { body } = await scene.control('sns/_control/subscriptions', {});
  const expected = Number(body['confirmed']) === 1;
  return { expected, says: `the subscription is ${expected ? '' : 'not '}confirmed` };
};

const cost = ({ recordType, amount }: Body): string => `${recordType} ${amount}`;
const left = ({ remaining }: Body): string => `${remaining} left`;

export const aws: Story = {
  source: 'aws',
  tells: 'what the cloud costs by day, what is left of its credits, budget alerts: no cash',
  connected: () =>
    'no secret: the function’s role reads Cost Explorer, SNS signs alerts with a certificate of AWS’s',
  section,
  play: async (scene) => {
    const put = (...days: readonly (readonly Body[])[]) =>
      scene.control('cost-explorer/_control/costs', { put: days.flat() });
    const alert = (fields: Body = {}) =>
      scene.control('sns/_control/messages', { tenant: scene.tenant, TopicArn: TOPIC, ...fields });
    await scene.step(
      'the topic asks whether it may send here',
      () => alert({ Type: 'SubscriptionConfirmation' }),
      answered('ignored'),
      isConfirmed,
    );
    await scene.step(
      'two days cost 50.00 each, of which credits pay 10.00, and a budget alert arrives',
      async () => {
        await put(day(scene, 4, '50', '-10'), day(scene, 3, '50', '-10'));
        return alert();
      },
      states('cost', ['credit -10', 'usage 50', 'credit -10', 'usage 50'], cost),
      states('credit_lot', ['980 left'], left),
      unchanged,
    );
    await scene.step(
      'another alert arrives within the hour, and the hour strikes: costs are not asked for so soon',
      async () => {
        await alert();
        await scene.hour();
      },
      states('cost', ['credit -10', 'usage 50', 'credit -10', 'usage 50'], cost),
      unchanged,
    );
    await scene.step(
      'AWS restates a day at 55.00, and is asked again twelve hours later',
      async () => {
        await put(day(scene, 3, '55', '-10'));
        await scene.hour(12);
      },
      states('cost', ['credit -10', 'usage 50', 'credit -10', 'usage 55'], cost),
    );
    await scene.step(
      'an alert of another topic arrives',
      () => alert({ TopicArn: `${TOPIC}2` }),
      answered('401'),
      unchanged,
    );
  },
};
