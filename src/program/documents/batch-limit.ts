/** How many documents a batch takes: what one answer can still tell of, each document taking about 400 characters. */
export const MOST_DOCUMENTS = 200
