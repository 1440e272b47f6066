interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Takes the place of the SDK's own chain of credential providers in the bundles: Lambda hands a function its role's
 * credentials in the environment, and the rest of the chain (profiles, single sign-on, instance metadata) would be a
 * sixth of every bundle. The name is the one that the SDK imports.
 * @throws Error, on first use, where the environment holds no credentials.
 */
export const defaultProvider = (): (() => Promise<Credentials>) => async () => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (!accessKeyId || !secretAccessKey) throw new Error('the environment holds no AWS credentials');
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
};
