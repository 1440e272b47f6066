import * as v from 'valibot';

/** One thing wrong with an input: where, and a sentence (without its subject, which is the path) saying what to do. */
export interface Problem {
  /** `recurring[2].days[0]`; `$` is the whole input. */
  readonly path: string;
  readonly message: string;
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The problem as one line for people. */
export const sentenceOf = ({ path, message }: Problem): string =>
  `${path === '$' ? 'the input' : path} ${message}`;

/** More lines help nobody, and an answer of megabytes would not leave Lambda. */
const LISTED = 50;
const MAX_SENTENCE_LENGTH = 500;

/** Problems as the lines of an answer, each told once. */
export const detailOf = (problems: readonly Problem[]): string => {
  const sentences = [...new Set(problems.map((each) => sentenceOf(each).slice(-MAX_SENTENCE_LENGTH)))];
  const more = sentences.length - LISTED;
  return [...sentences.slice(0, LISTED), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
};

const pathOf = (issue: v.BaseIssue<unknown>): string => {
  const path = (issue.path ?? [])
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('');
  return path === '' ? '$' : path.replace(/^\./, '');
};

/** What a schema without a message of its own means. */
const messageOf = (issue: v.BaseIssue<unknown>): string => {
  const here = issue.path?.at(-1);
  if (issue.type === 'strict_object') {
    if (issue.expected === 'never') return 'is not a known key here: remove it or correct its spelling';
    return issue.expected === 'Object' ? 'must be a JSON object' : 'is missing: add it';
  }
  if (issue.type === 'variant') {
    if (issue.expected === 'Object') return 'must be a JSON object';
    const choices = issue.expected?.replaceAll(' | ', ', ').replace(/^\((.*)\)$/, '$1');
    return `${here === undefined || issue.received === 'undefined' ? 'is missing: it' : ''} must be one of ${choices}`.trim();
  }
  return issue.message;
};

/** The value that `schema` makes of `json`, or every problem it has with it. */
export const parsedWith = <T>(schema: v.GenericSchema<unknown, T>, json: unknown): Parsed<T> => {
  const result = v.safeParse(schema, json);
  if (result.success) return { ok: true, value: result.output };
  return {
    ok: false,
    problems: result.issues.map((issue) => ({ path: pathOf(issue), message: messageOf(issue) })),
  };
};
