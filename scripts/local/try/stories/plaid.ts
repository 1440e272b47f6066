import { answered, cash, holds, noReason, reason, unchanged } from '../looks.ts';
import type { Body, Reply, Scene } from '../scene.ts';
import type { Story } from '../story.ts';

const ITEM = 'item-1';

const line = (scene: Scene, id: string, amount: number, name: string, fields: Body = {}): Body => ({
  ...{ transaction_id: id, account_id: 'a1', amount, name, iso_currency_code: 'USD' },
  ...{ date: scene.daysAgo(3), pending: false, ...fields },
});

export const plaid: Story = {
  source: 'plaid',
  tells: 'the lines of bank accounts and cards: cash',
  connected: () =>
    'Plaid signs with keys of its own; we fetch with client_id, secret and access_token/item-1',
  section: () => ({ plaid: [{ item_id: ITEM, accounts: { a1: 'bank:checking' } }] }),
  play: async (scene) => {
    const control = (route: string, fields: Body): Promise<Reply> =>
      scene.control(`plaid/_control/${route}`, { item_id: ITEM, tenant: scene.tenant, ...fields });
    const ring = (fields: Body = {}): Promise<Reply> => control('webhooks', fields);
    const bank =
      (...put: readonly Body[]) =>
      async (): Promise<Reply> => {
        await control('transactions', { put });
        return ring();
      };
    await scene.step(
      'the bank has three lines, and Plaid rings for them',
      bank(
        line(scene, 't1', -5_000, 'WIRE FROM CUSTOMER'),
        line(scene, 't2', 120.5, 'DINNER'),
        line(scene, 't3', 900, 'OFFICE RENT'),
      ),
      cash('3979.50'),
      holds('plaid', 3),
    );
    await scene.step('Plaid rings again', ring, unchanged, holds('plaid', 3));
    await scene.step(
      'a card payment is pending: it may still change amount and day',
      bank(line(scene, 't4', 80, 'HOTEL', { pending: true })),
      holds('plaid', 4),
      unchanged,
    );
    await scene.step(
      'the bank corrects dinner to 130.50',
      bank(line(scene, 't2', 130.5, 'DINNER')),
      cash('3969.50'),
    );
    await scene.step(
      'the login breaks',
      async () => {
        await control('errors', { error_code: 'ITEM_LOGIN_REQUIRED' });
        return ring();
      },
      reason(/LOGIN/),
    );
    await scene.step(
      'it is repaired',
      async () => {
        await control('errors', {});
        return ring();
      },
      noReason(/LOGIN/),
    );
    await scene.step(
      'a webhook of another login arrives',
      () => ring({ item_id: 'item-of-nobody' }),
      answered('401'),
      unchanged,
    );
  },
};
