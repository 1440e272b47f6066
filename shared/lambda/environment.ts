/**
 * The named environment variables, all of them or one error that lists every missing name.
 * An empty value is a value: `CACHE_URL=` says that there is no cache.
 */
export const requiredEnvironment = <Name extends string>(
  names: readonly Name[],
  source: Readonly<Record<string, string | undefined>> = process.env,
): Record<Name, string> => {
  const missing = names.filter((name) => source[name] === undefined);
  if (missing.length > 0) throw new Error(`missing environment variables: ${missing.join(', ')}`);
  return Object.fromEntries(names.map((name) => [name, source[name]])) as Record<Name, string>;
};
