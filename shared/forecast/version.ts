/** Changes whenever equal input could give other numbers; stored with every forecast. */
export const ENGINE_VERSION = 'paths-2';
