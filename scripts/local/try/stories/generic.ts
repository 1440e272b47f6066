import { answered, cash, reason, unchanged } from '../looks.ts';
import type { Body, Scene } from '../scene.ts';
import type { Story } from '../story.ts';

const body = (...events: readonly Body[]): Body => ({ schema: 1, events });

const opening = (scene: Scene): Body => ({
  ...{ id: 'opening', type: 'adjustment', amount: '250000.00', currency: 'USD' },
  ...{ date: scene.daysAgo(30), category: 'opening_balance' },
});

const rent = (scene: Scene, fields: Body = {}): Body => ({
  ...{ id: 'rent', type: 'expense', amount: '12000.00', currency: 'USD' },
  ...{ date: scene.daysAgo(10), category: 'rent', ...fields },
});

export const generic: Story = {
  source: 'generic',
  tells: 'anything else that moves money, from your own systems',
  connected: (secret) => `deliveries are signed with ${secret('generic')}`,
  section: () => ({}),
  play: async (scene) => {
    const books = body(opening(scene), rent(scene));
    await scene.step(
      'your books tell an opening balance of 250000.00 and a rent of 12000.00',
      () => scene.webhook('generic', books, 'books-1'),
      answered('accepted'),
      cash('238000.00'),
    );
    await scene.step(
      'the same delivery arrives again',
      () => scene.webhook('generic', books, 'books-1'),
      answered('duplicate'),
      unchanged,
    );
    await scene.step(
      'the rent is told as 12500.00, with revision 2',
      () => scene.webhook('generic', body(rent(scene, { amount: '12500.00', revision: 2 }))),
      answered('accepted'),
      cash('237500.00'),
    );
    await scene.step(
      'somebody tells revision 2 as 99.00',
      () => scene.webhook('generic', body(rent(scene, { amount: '99.00', revision: 2 }))),
      answered('conflict'),
      unchanged,
      reason(/conflict|told/),
    );
  },
};
