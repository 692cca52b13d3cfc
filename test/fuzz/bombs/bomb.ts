/** A document made to take all memory or all time, which is made when it is wanted. */
export interface Bomb {
  /** A file name after what it is about. */
  name: string
  make(): Buffer | string
}

/** Bombs by their names. */
export type Made = Record<string, Bomb['make']>

/** How many of something there are, for the size that is wanted. */
export type Many = (count: number) => number
