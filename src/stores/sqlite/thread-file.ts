/** What the thread runs. A program that bundles this package leaves it behind. */
export const threadFile = new URL('./thread.js', import.meta.url)
