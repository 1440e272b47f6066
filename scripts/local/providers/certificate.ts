/** A certificate that vouches for itself: as much of one as whoever checks a signature looks at. */
import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface Certified {
  /** PEM. */
  readonly certificate: string;
  readonly privateKey: KeyObject;
}

const tagged = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const size =
    content.length < 128
      ? [content.length]
      : content.length < 256
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};

const [INTEGER, BITS, UTF8, TIME, SEQUENCE, SET] = [0x02, 0x03, 0x0c, 0x18, 0x30, 0x31];
const COMMON_NAME = Buffer.from('0603550403', 'hex');
/** sha256WithRSAEncryption, without parameters. */
const SIGNED_WITH = tagged(SEQUENCE, Buffer.from('06092a864886f70d01010b0500', 'hex'));

const named = (name: string): Buffer =>
  tagged(SEQUENCE, tagged(SET, tagged(SEQUENCE, COMMON_NAME, tagged(UTF8, Buffer.from(name)))));

const time = (ms: number): Buffer =>
  tagged(TIME, Buffer.from(`${new Date(ms).toISOString().slice(0, 19).replace(/\D/g, '')}Z`));

/** @param validMs the first and the last instant at which it is good. */
export const certified = (name: string, validMs: readonly [number, number]): Certified => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const body = tagged(
    SEQUENCE,
    tagged(INTEGER, Buffer.from([1])),
    SIGNED_WITH,
    named(name),
    tagged(SEQUENCE, time(validMs[0]), time(validMs[1])),
    named(name),
    publicKey.export({ format: 'der', type: 'spki' }),
  );
  const signature = createSign('RSA-SHA256').update(body).sign(privateKey);
  const whole = tagged(SEQUENCE, body, SIGNED_WITH, tagged(BITS, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    privateKey,
  };
};
