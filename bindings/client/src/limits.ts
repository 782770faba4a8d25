/** Calls per request unless said otherwise: what servers accept by default. */
export const MAX_ITEMS = 20;

/** Characters of a URL unless said otherwise: what every browser and proxy takes. */
export const MAX_URL_LENGTH = 2083;
