import type { Decision } from '../policy/decision.ts';
import type { Sizes } from '../policy/sizes.ts';
import type { Stance } from '../policy/stance.ts';
import type { PageInput } from './document.ts';
import { type Html, html, type Part } from './html.ts';
import { table } from './table.ts';
import { instantText } from './words.ts';

const MEANINGS: Readonly<Record<Stance, string>> = {
  NORMAL: 'Normal: no capacity needs saving.',
  CONSERVE: 'Conserve: the runway is short, so capacity outside production should shrink.',
  CRITICAL: 'Critical: the runway is very short, so capacity outside production should shrink to its least.',
};

/** The newest decision of each group, in the groups' order. Decisions come newest first. */
const latestOf = (decisions: readonly Decision[]): readonly Decision[] => {
  const latest = new Map<string, Decision>();
  for (const decision of decisions) if (!latest.has(decision.group)) latest.set(decision.group, decision);
  return [...latest.values()].sort((a, b) => (a.group < b.group ? -1 : 1));
};

const sizes = ({ min, max, desired }: Sizes): Html => html`${desired} <small>(${min}\u2013${max})</small>`;

const ENDED: Readonly<Partial<Record<Decision['status'], string>>> = {
  withdrawn: 'withdrawn',
  released: 'left alone',
};

const when = ({ status, not_before: at }: Decision): Part => {
  if (status === 'recommended') return 'a person does it';
  return status in ENDED ? '\u2013' : html`<time datetime="${at}">${instantText(at)}</time>`;
};

const row = (decision: Decision): readonly Part[] => [
  html`<bdi>${decision.group}</bdi> <small>${decision.environment}</small>`,
  sizes(decision.from),
  ENDED[decision.status] ?? sizes(decision.to),
  html`<bdi>${decision.reason}</bdi>`,
  when(decision),
];

const current = ({ policy, decisions }: PageInput): Html => {
  const stance = policy?.stance ?? decisions[0]?.stance;
  if (stance === undefined) return html`<p>The policy has not run yet.</p>`;
  const since = policy?.since ?? null;
  return html`<p class="lead">${MEANINGS[stance]}${since !== null && html` <small>Since ${instantText(since)}.</small>`}</p>`;
};

/** How hard the policy saves, what it plans for each group, and what holds it back. */
export const stance = (input: PageInput): Html => {
  const { decisions, policy } = input;
  const hold = policy?.hold ?? [];
  const latest = latestOf(decisions);
  return html`${current(input)}
${hold.length > 0 && html`<p>It decides nothing for now:</p><ul>${hold.map((reason) => html`<li><bdi>${reason}</bdi></li>`)}</ul>`}
${
  latest.length === 0
    ? html`<p>No change of capacity is planned.</p>`
    : table(
        'The latest plan for each group: instances wanted, and the least and most allowed',
        [
          { title: 'Group' },
          { title: 'From', figures: true },
          { title: 'To', figures: true },
          { title: 'Why' },
          { title: 'Not before' },
        ],
        latest.map(row),
      )
}`;
};
