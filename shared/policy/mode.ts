/** What the owner lets the policy do. */
export const MODES = ['off', 'plan', 'apply'] as const;
export type Mode = (typeof MODES)[number];

/** The mode a text names, or undefined. Exact: ` plan` and `Plan` name nothing. */
export const modeOf = (text: string | undefined): Mode | undefined => MODES.find((mode) => mode === text);
