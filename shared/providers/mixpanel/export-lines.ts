/** Longer than any event that Mixpanel takes in. */
const MAX_LINE_LENGTH = 8_000_000;

/**
 * Text by lines, as it arrives: only the line that is not over yet is held. Only a line feed ends a line; other separators may
 * stand in somebody's text.
 */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_LENGTH) throw new Error(`a line is longer than ${MAX_LINE_LENGTH} characters`);
    if (lines.length > 0) yield lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield [rest];
}
