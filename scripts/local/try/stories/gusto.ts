import { answered, cash, noReason, reason, states, unchanged } from '../looks.ts';
import type { Body, Reply, Scene } from '../scene.ts';
import type { Story } from '../story.ts';

const COMPANY = 'acme';

/** Net pay of 100.00 and taxes of 50.00, debited so many days ago. */
const payroll = (scene: Scene, debitedDaysAgo: number, fields: Body = {}): Body => ({
  ...{ payroll_uuid: 'p1', processed: true, check_date: scene.daysAgo(debitedDaysAgo - 2) },
  totals: { company_debit: '150.00', net_pay_debit: '100.00', tax_debit: '50.00' },
  payroll_status_meta: { expected_debit_time: `${scene.daysAgo(debitedDaysAgo)}T22:00:00Z` },
  ...fields,
});

const PAID = ['net_debit -100', 'tax_debit -50'];

const contractor = (scene: Scene): Body => ({
  ...{ uuid: 'c1', contractor_uuid: 'globex', date: scene.daysAgo(-6), payment_method: 'Direct Deposit' },
  ...{ status: 'Unfunded', wage_total: '80.00', reimbursement: '0.00' },
});

const failed = (scene: Scene, status: string, outstanding: string): Body => ({
  ...{ uuid: 'r1', status, payroll_uuid: 'p1', original_debit_date: scene.daysAgo(2) },
  ...{ latest_error_code: 'R01', amount_outstanding: outstanding },
});

const leg = ({ leg: name, amountMinor }: Body): string => `${name} ${Number(amountMinor) / 100}`;

export const gusto: Story = {
  source: 'gusto',
  tells: 'payrolls: what will leave, and when',
  connected: (secret) =>
    `webhooks are signed with ${secret('gusto')}, payrolls are fetched with tokens for refresh_token`,
  section: () => ({ gusto: { company: COMPANY } }),
  play: async (scene) => {
    const { tenant } = scene;
    const secret = scene.secret('gusto');
    const put = (told: Body): Promise<Reply> =>
      scene.control('gusto/_control/companies', { company_uuid: COMPANY, payrolls: [told] });
    const ring = (uuid: string): Promise<Reply> =>
      scene.control('gusto/_control/webhooks', {
        tenant,
        secret,
        company_uuid: COMPANY,
        payroll_uuid: 'p1',
        uuid,
      });
    const sweep = (told: Body) => async (): Promise<void> => {
      await scene.control('gusto/_control/companies', { company_uuid: COMPANY, ...told });
      await scene.hour();
    };
    const tell = (uuid: string, told: Body) => async (): Promise<Reply> => {
      await put(told);
      return ring(uuid);
    };
    await scene.step(
      'a payroll is processed, and Gusto rings: its debit is in four days',
      tell('e1', payroll(scene, -4)),
      states('commitment', ['net_debit -100', 'tax_debit -50'], leg),
      unchanged,
    );
    await scene.step(
      'Gusto rings again',
      () => ring('e1'),
      unchanged,
      states('commitment', ['net_debit -100', 'tax_debit -50'], leg),
    );
    await scene.step(
      'it is run anew with 20.00 more of taxes',
      tell(
        'e2',
        payroll(scene, -4, {
          totals: { company_debit: '170.00', net_pay_debit: '100.00', tax_debit: '70.00' },
        }),
      ),
      states('commitment', ['net_debit -100', 'tax_debit -70'], leg),
    );
    await scene.step('the day of its debit is past', tell('e3', payroll(scene, 2)), cash('-150.00'));
    await scene.step(
      'a contractor is to be paid 80.00, and the hour strikes',
      sweep({ contractor_payments: [contractor(scene)] }),
      states('commitment', [...PAID, 'contractor_debit -80'], leg),
      unchanged,
    );
    await scene.step(
      'that is cancelled, and nobody rings',
      sweep({ remove: ['c1'] }),
      states('commitment', PAID, leg),
      unchanged,
    );
    await scene.step(
      'the debit of the payroll failed at the bank',
      sweep({ recovery_cases: [failed(scene, 'open', '150.00')] }),
      cash('0.00'),
      reason(/^Gusto could not debit USD 150\.00/),
    );
    await scene.step(
      'Gusto has recovered it',
      sweep({ recovery_cases: [failed(scene, 'recovered', '0.00')] }),
      cash('-150.00'),
      noReason(/^Gusto could not debit/),
    );
    await scene.step(
      'the login is lost',
      async () => {
        await scene.control('gusto/_control/expiry', { login: true });
        await scene.hour();
      },
      reason(/^Gusto takes our login no more/),
      unchanged,
    );
    await scene.step(
      'somebody else rings, without the secret',
      () => scene.control('gusto/_control/webhooks', { tenant, secret: 'guessed', company_uuid: COMPANY }),
      answered('401'),
      unchanged,
    );
  },
};
