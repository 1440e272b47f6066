import { answered, cash, states, unchanged } from '../looks.ts';
import type { Body, Scene } from '../scene.ts';
import type { Story } from '../story.ts';

const event = (id: string, type: string, object: Body): Body => ({
  id,
  object: 'event',
  type,
  created: object['created'],
  livemode: false,
  data: { object },
});

const charge = (scene: Scene): Body => ({
  ...{ id: 'ch_1', object: 'charge', amount: 4_900, amount_captured: 4_900, currency: 'usd' },
  ...{ created: scene.secondsAgo(3), captured: true, paid: true, status: 'succeeded' },
  ...{ balance_transaction: 'txn_1', livemode: false },
});

const refund = (scene: Scene): Body => ({
  ...{ id: 're_1', object: 'refund', amount: 1_000, currency: 'usd', charge: 'ch_1' },
  ...{ created: scene.secondsAgo(2), balance_transaction: 'txn_2', status: 'succeeded' },
});

const payout = (scene: Scene): Body => ({
  ...{ id: 'po_1', object: 'payout', amount: 3_000, currency: 'usd', status: 'paid' },
  ...{ created: scene.secondsAgo(1), arrival_date: scene.secondsAgo(0), balance_transaction: 'txn_3' },
  ...{ failure_balance_transaction: null, livemode: false },
});

const settled = (scene: Scene): Body => ({
  ...{ id: 'txn_1', object: 'balance_transaction', type: 'charge', source: 'ch_1', currency: 'usd' },
  ...{ amount: 4_900, fee: 172, net: 4_728, created: scene.secondsAgo(3), status: 'available' },
  available_on: scene.secondsAgo(1),
});

export const stripe: Story = {
  source: 'stripe',
  tells: 'charges, refunds, disputes, payouts: cash in the Stripe balance',
  connected: (secret) =>
    `webhooks are signed with ${secret('stripe')}, what they name is fetched with the API key`,
  section: () => ({}),
  play: async (scene) => {
    const paid = event('evt_1', 'charge.succeeded', charge(scene));
    const deliver = (told: Body) => () => scene.webhook('stripe', told);
    await scene.step(
      'a customer pays 49.00 by card, charge.succeeded arrives',
      deliver(paid),
      answered('accepted'),
      cash('49.00'),
    );
    await scene.step('the same event arrives again', deliver(paid), answered('duplicate'), unchanged);
    await scene.step(
      'Stripe settles the charge, less a fee of 1.72, and charge.updated arrives',
      async () => {
        await scene.control('stripe/_issue', settled(scene));
        return scene.webhook('stripe', event('evt_2', 'charge.updated', charge(scene)));
      },
      cash('47.28'),
    );
    await scene.step(
      '10.00 are refunded',
      deliver(event('evt_3', 'refund.created', refund(scene))),
      answered('accepted'),
      cash('37.28'),
    );
    await scene.step(
      '30.00 are paid out to the bank: own money on its way',
      deliver(event('evt_4', 'payout.paid', payout(scene))),
      answered('accepted'),
      states('payout', ['30.00 paid'], (body) => `${Number(body['amountMinor']) / 100}.00 ${body['status']}`),
      unchanged,
    );
  },
};
