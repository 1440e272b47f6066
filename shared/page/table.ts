import { type Html, html, type Part } from './html.ts';

export interface Column {
  readonly title: string;
  /** Figures stand under each other, aligned to the right. */
  readonly figures?: boolean;
}

/** A table that stacks its cells on a phone; the roles keep it a table for who listens to it. */
export const table = (
  caption: Part,
  columns: readonly Column[],
  rows: readonly (readonly Part[])[],
): Html => html`<table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(
  ({ title, figures }) =>
    html`<th role="columnheader" scope="col" class="${figures === true ? 'n' : 't'}">${title}</th>`,
)}</tr></thead>
<tbody role="rowgroup">${rows.map(
  (cells) =>
    html`<tr role="row">${cells.map((cell, index) => {
      const { title = '', figures = false } = columns[index] ?? {};
      return html`<td role="cell" data-title="${title}" class="${figures ? 'n' : 't'}"><span>${cell}</span></td>`;
    })}</tr>`,
)}</tbody>
</table>`;

/** What is behind a chart, for those who read figures or cannot see it. */
export const behind = (summary: string, content: Html): Html =>
  html`<details><summary>${summary}</summary>${content}</details>`;
