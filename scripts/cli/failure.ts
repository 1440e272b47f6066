/** Ends the command with exit code 1 and this one line: something the caller can put right. */
export class Failure extends Error {}

/** The first line of whatever was thrown. */
export const reasonOf = (thrown: unknown): string => {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.split('\n', 1)[0] || 'an error without a message';
};
