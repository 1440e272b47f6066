import { answered, beside, noReason, reason, states, unchanged } from '../looks.ts';
import type { Body, Scene } from '../scene.ts';
import type { Story } from '../story.ts';

const SITE = 'acme-test';

const resource = (scene: Scene, version: number, fields: Body): Body => ({
  ...{ currency_code: 'USD', customer_id: 'globex', deleted: false },
  ...{ updated_at: scene.secondsAgo(3), resource_version: version, ...fields },
});

/** 1200.00, due in eleven days. */
const invoice = (scene: Scene, version: number, fields: Body = {}): Body =>
  resource(scene, version, {
    ...{ id: 'INV-1', total: 120_000, amount_due: 120_000, status: 'payment_due', line_items: [] },
    ...{ date: scene.secondsAgo(3), due_date: scene.secondsAgo(-11), ...fields },
  });

const subscription = (scene: Scene): Body =>
  resource(scene, 1, {
    ...{ id: 'sub-1', status: 'active', billing_period: 1, billing_period_unit: 'month', mrr: 10_000 },
    ...{ created_at: scene.secondsAgo(40), started_at: scene.secondsAgo(40) },
  });

const due = ({ dueMinor, status }: Body): string => `${Number(dueMinor) / 100} ${status}`;

export const chargebee: Story = {
  source: 'chargebee',
  tells: 'invoices, subscriptions, credit notes, labels for payments: no cash',
  connected: (secret) =>
    `webhooks bring the name and password ${secret('chargebee')}, all else is read with the API key`,
  section: () => ({ chargebee: { site: SITE } }),
  play: async (scene) => {
    const { tenant } = scene;
    const credentials = scene.secret('chargebee');
    const control = (route: string, body: Body) => scene.control(`chargebee/${SITE}/_control/${route}`, body);
    const tell = (id: string, told: Body) => () =>
      control('webhooks', { tenant, credentials, id, content: { invoice: told } });
    const paid = invoice(scene, 3, { status: 'paid', amount_due: 0 });
    await scene.step(
      'Chargebee has an invoice of 1200.00 and a subscription, and the hour strikes',
      async () => {
        await control('resources', { invoice: [invoice(scene, 1)], subscription: [subscription(scene)] });
        await scene.hour();
      },
      states('invoice', ['1200 payment_due'], due),
      states('subscription', ['100 a month'], ({ mrrMinor }) => `${Number(mrrMinor) / 100} a month`),
      beside('receivables', '1200.00'),
      unchanged,
    );
    await scene.step(
      'the invoice is paid by card: an event tells version 3',
      tell('ev_1', paid),
      answered('accepted'),
      states('invoice', ['0 paid'], due),
      unchanged,
    );
    await scene.step('the same event arrives again', tell('ev_1', paid), answered('duplicate'), unchanged);
    await scene.step(
      'version 2 arrives late',
      tell('ev_2', invoice(scene, 2, { amount_due: 60_000 })),
      states('invoice', ['0 paid'], due),
      unchanged,
    );
    await scene.step(
      'the API key is refused when the hour strikes',
      async () => {
        await control('limits', { status: 401 });
        await scene.hour();
      },
      reason(/^Chargebee cannot be read since .* \(401\)/),
    );
    await scene.step(
      'it is good again, and shows an invoice of yesterday that no event told',
      async () => {
        const unheard = { id: 'INV-2', updated_at: scene.secondsAgo(1) };
        await control('resources', { invoice: [invoice(scene, 4, unheard)] });
        await scene.hour();
      },
      noReason(/^Chargebee cannot be read/),
      reason(/^webhooks of Chargebee do not arrive since/),
      states('invoice', ['0 paid', '1200 payment_due'], due),
    );
    await scene.step(
      'an event tells of the next change before it is found',
      async () => {
        const heard = invoice(scene, 5, { id: 'INV-2', updated_at: scene.secondsAgo(0) });
        await control('resources', { invoice: [heard] });
        await tell('ev_3', heard)();
        await scene.hour();
      },
      noReason(/^webhooks of Chargebee do not arrive/),
      unchanged,
    );
  },
};
