import { GetParametersCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { OAUTH_TOKENS } from '../contract/credentials.ts';

/** What a provider gave us in exchange for the last of its refresh tokens. */
export interface OauthTokens {
  readonly accessToken: string;
  /** Good for one exchange: whoever makes it must keep what it gets, or the operator has to sign in again. */
  readonly refreshToken: string;
  readonly expiresAtMs: number;
}

export interface OauthTokenStore {
  /** As stored now, for another run may have exchanged them; undefined before the first exchange. */
  readonly read: (tenant: string, source: string) => Promise<OauthTokens | undefined>;
  readonly write: (tenant: string, source: string, tokens: OauthTokens) => Promise<void>;
}

/** @param prefix parent of `/{tenant}/{source}/api/tokens`. */
export const oauthTokenStore = (client: SSMClient, prefix: string): OauthTokenStore => {
  const nameOf = (tenant: string, source: string): string =>
    `${prefix}/${tenant}/${source}/api/${OAUTH_TOKENS}`;
  return {
    read: async (tenant, source) => {
      const { Parameters: [parameter] = [] } = await client.send(
        new GetParametersCommand({ Names: [nameOf(tenant, source)], WithDecryption: true }),
      );
      return parameter?.Value === undefined ? undefined : (JSON.parse(parameter.Value) as OauthTokens);
    },
    write: async (tenant, source, tokens) => {
      await client.send(
        new PutParameterCommand({
          Name: nameOf(tenant, source),
          Value: JSON.stringify(tokens),
          Type: 'SecureString',
          Overwrite: true,
        }),
      );
    },
  };
};
