import type { Confirmation } from '../aws-costs/doorbell.ts';
import type { Ask } from '../patience.ts';
import type { CertifiedKey } from '../provider.ts';
import { certificatePlace } from './signature.ts';

const TIMEOUT_MS = 5_000;
const MAX_CERTIFICATE_LENGTH = 20_000;

export interface SnsApi {
  /** The certificate at an address of SNS's, undefined where there is none. Throws where a later attempt may do better. */
  readonly certificate: (address: string) => Promise<CertifiedKey | undefined>;
  /** @returns whether SNS took the token. */
  readonly confirm: (confirmation: Confirmation) => Promise<boolean>;
}

/**
 * What we ask of SNS, always at its own address: of what a message says only the region, the certificate's name and the
 * token are used, never a link in it.
 * @param urlTemplate with `{region}` where the region goes.
 */
export const snsApi = (urlTemplate: string, ask: Ask): SnsApi => {
  const get = async (region: string, path: string): Promise<{ status: number; text: string }> => {
    const base = urlTemplate.replace('{region}', region).replace(/\/+$/, '');
    const response = await ask(`${base}${path}`, {
      headers: {},
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.status === 429 || response.status >= 500) throw new Error(`SNS answered ${response.status}`);
    return { status: response.status, text };
  };
  return {
    certificate: async (address) => {
      const place = certificatePlace(address);
      if (place === undefined) return undefined;
      const { status, text } = await get(place.region, place.path);
      return status === 200 && text.length <= MAX_CERTIFICATE_LENGTH ? { certificate: text } : undefined;
    },
    confirm: async ({ topic, token }) => {
      const region = topic.split(':')[3] ?? '';
      const query = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn: topic, Token: token });
      return (await get(region, `/?${query}`)).status === 200;
    },
  };
};
