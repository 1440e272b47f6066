import { answered, cash, states, unchanged } from '../looks.ts';
import type { Body, Scene } from '../scene.ts';
import type { Story } from '../story.ts';

const run = (scene: Scene, revision: number, status: string): Body => ({
  ...{ schema: 1, eventId: `run-1-${revision}`, payrollId: 'run-1', revision, status, currency: 'USD' },
  legs: [
    { leg: 'net', amountMinor: '7000000', cashDate: scene.daysAgo(2) },
    { leg: 'tax', amountMinor: '3800000', cashDate: scene.daysAgo(1) },
  ],
  ...{ grossMinor: '10000000', netMinor: '7000000', employeeTaxMinor: '3000000', employerTaxMinor: '800000' },
  ...{ payDate: scene.daysAgo(2), zone: 'America/New_York' },
});

export const payroll: Story = {
  source: 'payroll',
  tells: 'payrolls of any system that can sign a request, leg by leg',
  connected: (secret) => `deliveries are signed with ${secret('payroll')}`,
  section: () => ({}),
  play: async (scene) => {
    const tell = (revision: number, status: string, id?: string) => () =>
      scene.webhook('payroll', run(scene, revision, status), id);
    const leg = ({ leg: name, amountMinor, status }: Body): string =>
      `${name} ${Number(amountMinor) / 100} ${status}`;
    await scene.step(
      'a payroll of 70000 net and 38000 taxes is scheduled',
      tell(1, 'scheduled', 'run-1-1'),
      answered('accepted'),
      states('commitment', ['net -70000 expected', 'tax -38000 expected'], leg),
      unchanged,
    );
    await scene.step(
      'the same delivery arrives again',
      tell(1, 'scheduled', 'run-1-1'),
      answered('duplicate'),
      unchanged,
    );
    await scene.step('it is paid: revision 2', tell(2, 'paid'), answered('accepted'), cash('-108000.00'));
    await scene.step('revision 1 arrives late, in another delivery', tell(1, 'scheduled'), unchanged);
    await scene.step(
      'it bounces: revision 3 is reversed',
      tell(3, 'reversed'),
      answered('accepted'),
      cash('0.00'),
    );
  },
};
