import * as v from 'valibot';

/** Text that fits a key and a line: neither empty nor long, without control or broken characters. */
export const text = (maxLength: number): v.GenericSchema<string> =>
  v.pipe(
    v.string('is no text'),
    v.minLength(1, 'is empty'),
    v.maxLength(maxLength, `is longer than ${maxLength} characters`),
    v.check((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), 'holds control or broken characters'),
  );

const MAX_PATH_LENGTH = 200;

/** What an object schema, which has no words of its own for each of them, means. */
const messageOf = (issue: v.BaseIssue<unknown>): string => {
  if (issue.type !== 'strict_object') return issue.message;
  if (issue.expected === 'never') return 'is no member here: remove it or correct its spelling';
  return issue.expected === 'Object' ? 'is no object' : 'is missing';
};

/** `path: what is wrong there`. */
export const problemOf = (issue: v.BaseIssue<unknown>): string =>
  `${(v.getDotPath(issue) ?? 'body').slice(0, MAX_PATH_LENGTH)}: ${messageOf(issue)}`;

/** The JSON in a body, or undefined where it is none in UTF-8. */
export const jsonIn = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
};
