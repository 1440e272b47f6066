/** Ends the command with exit code 1 and this one line: something the caller can put right. */
export class Failure extends Error {}

/** The first line of whatever was thrown, without characters that a terminal would obey. */
export const reasonOf = (thrown: unknown): string => {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.split('\n', 1)[0]?.replace(/\p{C}/gu, '?') || 'an error without a message';
};
