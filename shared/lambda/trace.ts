import { randomBytes } from 'node:crypto';

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const AMAZON_ROOT = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/;

/**
 * W3C trace context of a request: its own `traceparent`; else one in the trace that AWS opened for it
 * (`X-Amzn-Trace-Id`); else a new one.
 */
export const traceparentOf = (
  headers: Readonly<Record<string, string | undefined>>,
  random: (bytes: number) => Buffer = randomBytes,
): string => {
  const own = headers['traceparent']?.trim().toLowerCase();
  if (own !== undefined && TRACEPARENT.test(own)) return own;
  const root = AMAZON_ROOT.exec(headers['x-amzn-trace-id'] ?? '');
  const trace = root === null ? random(16).toString('hex') : `${root[1]}${root[2]}`;
  return `00-${trace}-${random(8).toString('hex')}-01`;
};
