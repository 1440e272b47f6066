import type { StateStore } from './state-store.ts';

/** The tenant's plan items as they stand, in id order. */
export const planItems = async (
  state: Pick<StateStore, 'overview'>,
  tenant: string,
): Promise<{ items: readonly unknown[] }> => {
  const { plan } = await state.overview(tenant);
  return { items: (plan?.items ?? []).map(({ id, item }) => ({ ...(JSON.parse(item) as object), id })) };
};
