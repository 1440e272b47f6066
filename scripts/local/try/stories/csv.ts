import { cash, holds, unchanged } from '../looks.ts';
import type { Body, Scene } from '../scene.ts';
import type { Story } from '../story.ts';

const rows = (scene: Scene): readonly string[] => [
  `${scene.daysAgo(20)},-1200.00,rent`,
  `${scene.daysAgo(12)},-300.00,hosting`,
  `${scene.daysAgo(12)},-300.00,hosting`,
];

/** A file of the days from so many ago to so many ago. */
const file = (scene: Scene, from: number, to: number, lines: readonly string[], fields: Body = {}): Body => ({
  account: 'checking',
  currency: 'USD',
  coverage: { from: scene.daysAgo(from), to: scene.daysAgo(to) },
  csv: ['date,amount,description', ...lines, ''].join('\n'),
  ...fields,
});

export const csv: Story = {
  source: 'csv',
  tells: 'exports of a bank account: cash',
  connected: () => 'a token with the scope import:write; `npx capstack import` does the same',
  section: () => ({}),
  play: async (scene) => {
    const send = (body: Body) => () => scene.owner('POST', '/v1/imports', body);
    const known = rows(scene);
    const first = file(scene, 21, 11, known, { opening_balance: '10000' });
    const later = [...known.slice(1), `${scene.daysAgo(5)},450.00,refund of a deposit`];
    await scene.step(
      'a file of eleven days has three rows, two of them alike, after an opening balance of 10000.00',
      send(first),
      cash('8200.00'),
      holds('csv', 4),
    );
    await scene.step('the same file is sent again', send(first), unchanged, holds('csv', 4));
    await scene.step(
      'the next file overlaps, and has one row more',
      send(file(scene, 13, 4, later)),
      cash('8650.00'),
      holds('csv', 5),
    );
  },
};
