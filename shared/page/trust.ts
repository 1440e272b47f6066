import type { PageInput, RunwayDocument } from './document.ts';
import { type Html, html } from './html.ts';
import { table } from './table.ts';
import { countText, durationText, instantText } from './words.ts';

/** A source that we ask ourselves has something new every day; three days without is a failure, not a weekend. */
const SILENT_DAYS_MAX = 3;

const sentence = (text: string): string => {
  const said = text.trim();
  return `${said.slice(0, 1).toUpperCase()}${said.slice(1)}${/[.!?]$/.test(said) ? '' : '.'}`;
};

const reservationsOf = ({ trust, inputs }: RunwayDocument): readonly string[] => {
  const estimated = inputs.estimated_events ?? 0;
  return [
    ...trust.reasons.map(sentence),
    ...(estimated > 0
      ? [
          `${countText(estimated, 'event counts', 'events count')} at an estimated amount until the provider states the settled one.`,
        ]
      : []),
  ];
};

const age = (at: string, nowMs: number): string => `${durationText((nowMs - Date.parse(at)) / 1000)} ago`;

const sources = ({ runway, nowMs, pullSources = [] }: PageInput): Html => {
  if (runway.inputs.sources.length === 0) return html`<p>No source has sent anything yet.</p>`;
  return table(
    'When each source last brought something new',
    [{ title: 'Source' }, { title: 'Latest event' }, { title: 'Age' }],
    runway.inputs.sources.map(({ source, as_of }) => {
      const silent = (nowMs - Date.parse(as_of)) / 86_400_000 > SILENT_DAYS_MAX;
      return [
        html`<bdi>${source}</bdi>`,
        html`<time datetime="${as_of}">${instantText(as_of)}</time>`,
        html`${age(as_of, nowMs)}${silent && pullSources.includes(source) && html` <strong class="mark">stale</strong>`}`,
      ];
    }),
  );
};

/** How fresh the sources are, and what is known to be missing or doubtful. */
export const trust = (input: PageInput): Html => {
  const reservations = reservationsOf(input.runway);
  return html`${
    reservations.length === 0
      ? html`<p>No reservation is recorded against this forecast.</p>`
      : html`<ul class="reasons">${reservations.map((reason) => html`<li><bdi>${reason}</bdi></li>`)}</ul>`
  }
${sources(input)}`;
};
