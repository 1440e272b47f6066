const DOORBELL = /^plaid:item:([A-Za-z0-9_-]+)$/;

/** Asks for what is new in one bank login. */
export const itemDoorbell = (item: string): string => `plaid:item:${item}`;

/** The item that a doorbell rings for; undefined where it is none of Plaid's. */
export const parseItemDoorbell = (doorbell: string): string | undefined => DOORBELL.exec(doorbell)?.[1];
