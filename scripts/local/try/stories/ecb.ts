import { answered, beside, cash, reason, unchanged } from '../looks.ts';
import type { Body } from '../scene.ts';
import type { Story } from '../story.ts';

export const ecb: Story = {
  source: 'ecb',
  tells: 'exchange rates: no cash, but what foreign cash is worth',
  connected: () => 'no key and no account; fx.provider is ecb',
  section: () => ({}),
  play: async (scene) => {
    const rate = (date: string, currency: string, value: string) =>
      scene.control('ecb/_control/rates', { date, currency, rate: value });
    const invoice: Body = {
      ...{ id: 'invoice-1', type: 'income', amount: '100.00', currency: 'GBP', date: scene.daysAgo(7) },
    };
    await scene.step(
      'a customer pays 100.00 pounds',
      () => scene.webhook('generic', { schema: 1, events: [invoice] }),
      answered('accepted'),
      reason(/GBP 100\.00 is held but not valued/),
      unchanged,
    );
    await scene.step(
      'the bank publishes 0.5 pounds and 1 dollar to the euro, and the hour strikes',
      async () => {
        for (let days = 16; days >= 0; days -= 1) {
          await rate(scene.daysAgo(days), 'GBP', '0.5000');
          await rate(scene.daysAgo(days), 'USD', '1.0000');
        }
        await scene.hour();
      },
      cash('200.00'),
      beside('unrealised_fx', '0.00'),
    );
    await scene.step('the hour strikes again', () => scene.hour(), unchanged);
  },
};
