const DOORBELL = /^gusto:payroll:([\w-]{1,64})$/;

/** Asks for a payroll to be fetched. */
export const payrollDoorbell = (payroll: string): string => `gusto:payroll:${payroll}`;

/** The payroll that a doorbell rings for; undefined where it is none of Gusto's. */
export const parsePayrollDoorbell = (doorbell: string): string | undefined => DOORBELL.exec(doorbell)?.[1];
