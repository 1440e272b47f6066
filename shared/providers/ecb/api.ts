import type { Ask } from '../patience.ts';

const TIMEOUT_MS = 30_000;

/** The files of rates: of the last day, of the last 90 days, and of every day since 1999. */
export const RATE_FILES = {
  daily: { path: 'eurofxref-daily.xml', bytesMax: 1_000_000 },
  quarter: { path: 'eurofxref-hist-90d.xml', bytesMax: 2_000_000 },
  history: { path: 'eurofxref-hist.xml', bytesMax: 24_000_000 },
} as const;
export type RateFile = keyof typeof RATE_FILES;

export interface EcbApi {
  /** @throws where a later attempt may do better. */
  readonly rates: (file: RateFile) => Promise<string>;
}

/** Reads what the European Central Bank publishes for everybody; it asks for no key. */
export const ecbApi = (baseUrl: string, ask: Ask): EcbApi => ({
  rates: async (file) => {
    const { path, bytesMax } = RATE_FILES[file];
    const response = await ask(`${baseUrl}/${path}`, {
      headers: { accept: 'application/xml, text/xml' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status !== 200) throw new Error(`the ECB answered ${response.status} to ${path}`);
    const text = await response.text();
    if (Buffer.byteLength(text) > bytesMax) throw new Error(`${path} is longer than any file of rates`);
    return text;
  },
});
