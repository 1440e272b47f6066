import type { Ask } from '../providers/patience.ts';
import type { Notice } from './notice.ts';
import { post } from './post.ts';
import type { Sent } from './telling.ts';

/** Slack cuts longer messages itself, and not where a reader would. */
const TEXT_LENGTH = 3_000;
const PART_LENGTH = 800;

/** The three characters that mean something to Slack, written so that they mean themselves. */
const escaped = (text: string): string =>
  text.slice(0, PART_LENGTH).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const SIGNS: Readonly<Record<Notice['severity'], string>> = {
  critical: ':rotating_light:',
  error: ':red_circle:',
  warning: ':warning:',
  info: ':information_source:',
};

const headOf = ({ over, severity, origin }: Notice): string => {
  const name = `*${escaped(origin.tenant)}* (${escaped(origin.stage)})`;
  return over ? `:white_check_mark: ${name} is over:` : `${SIGNS[severity]} ${name}`;
};

export const slackMessage = (notice: Notice): { readonly text: string } => {
  const { over, origin, rule, summary, details, todo, since } = notice;
  const lines = [
    `${headOf(notice)} ${escaped(summary)}`,
    ...details.map(([label, value]) => `• ${escaped(label)}: ${escaped(value)}`),
    ...(over || todo === '' ? [] : [`*What to do:* ${escaped(todo)}`]),
    `<${origin.pageUrl}|Runway page> · rule ${escaped(rule)}${since === null ? '' : ` since ${since}`}`,
  ];
  /** Cut by whole lines, because half an entity would be shown as it is. */
  let text = '';
  for (const line of lines) {
    if (text.length + line.length >= TEXT_LENGTH) continue;
    text += text === '' ? line : `\n${line}`;
  }
  return { text };
};

/**
 * Tells Slack.
 * @param baseUrl what the address of a webhook begins with; another one is no webhook of Slack's.
 * @param url address of the incoming webhook: whoever has it may write to the channel.
 */
export const tellSlack = async (ask: Ask, baseUrl: string, notice: Notice, url: string): Promise<Sent> => {
  if (!url.startsWith(`${baseUrl}/`))
    return { outcome: 'refused', reason: `the stored url does not begin with ${baseUrl}/` };
  return post(ask, url, slackMessage(notice), url);
};
