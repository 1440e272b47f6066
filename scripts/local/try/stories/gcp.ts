import { states, unchanged } from '../looks.ts';
import type { Body, Scene } from '../scene.ts';
import type { Story } from '../story.ts';

const ACCOUNT = '01AB23-CD45EF-678901';

/** A row of the export, of the month of yesterday; a correction is a further row. */
const row = (scene: Scene, cost: string, exportedDaysAgo: number, credits: readonly Body[] = []): Body => ({
  ...{ billing_account_id: ACCOUNT, service_id: '6F81-5844-456A', service: 'Compute Engine' },
  ...{ invoice_month: scene.daysAgo(1).slice(0, 7).replace('-', ''), cost, credits },
  export_time: `${scene.daysAgo(exportedDaysAgo)}T00:00:00Z`,
});

const cost = ({ recordType, amount }: Body): string => `${recordType} ${amount}`;

export const gcp: Story = {
  source: 'gcp',
  tells: 'what the cloud costs by invoice month, what is left of its credits: no cash',
  connected: () => 'the export is read with the JSON key of a service account',
  section: () => ({ gcp: { billing_account: ACCOUNT, project: 'acme-billing', dataset: 'billing' } }),
  play: async (scene) => {
    const put = (...rows: readonly Body[]) => scene.control('google/_control/rows', rows);
    const credit = [{ type: 'PROMOTION', amount: '-5' }];
    await scene.step(
      'the export has two rows of Compute Engine, 12.50 and 30.00, and the hour strikes',
      async () => {
        await put(row(scene, '12.5', 2), row(scene, '30', 2, credit));
        await scene.hour();
      },
      states('cost', ['usage 42.5', 'credit -5'], cost),
      unchanged,
    );
    await scene.step(
      'the hour strikes again',
      () => scene.hour(),
      states('cost', ['usage 42.5', 'credit -5'], cost),
    );
    await scene.step(
      'a row of 7.50 comes late; six hours later it is asked for again',
      async () => {
        await put(row(scene, '7.5', 1));
        await scene.hour(6);
      },
      states('cost', ['usage 50', 'credit -5'], cost),
      unchanged,
    );
  },
};
