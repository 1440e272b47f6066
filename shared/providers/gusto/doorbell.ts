/** What Gusto rings for: objects that are fetched one by one. */
export type GustoObject = 'payroll' | 'contractor_payment';

const DOORBELL = /^gusto:(payroll|contractor_payment):([\w-]{1,64})$/;

/** Asks for an object to be fetched. */
export const gustoDoorbell = (kind: GustoObject, id: string): string => `gusto:${kind}:${id}`;

/** What a doorbell rings for; undefined where it is none of Gusto's. */
export const parseGustoDoorbell = (
  doorbell: string,
): { readonly kind: GustoObject; readonly id: string } | undefined => {
  const [, kind, id] = DOORBELL.exec(doorbell) ?? [];
  return id === undefined ? undefined : { kind: kind as GustoObject, id };
};
