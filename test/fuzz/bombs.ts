import { archiveBombs } from './bombs/archives.js'
import { declaredBombs } from './bombs/declared.js'
import { entityBombs } from './bombs/entities.js'
import { nestedBombs } from './bombs/nested.js'
import { pdfBombs } from './bombs/pdf.js'
import { repeatedBombs } from './bombs/repeated.js'

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

/** @param scale How much of the full size. */
export function bombs(scale = 1): Bomb[] {
  const many = (count: number) => Math.ceil(count * scale)
  const made: Made[] = [
    archiveBombs(many),
    entityBombs,
    declaredBombs(many),
    pdfBombs(many),
    nestedBombs(many),
    repeatedBombs(many),
  ]
  return made.flatMap((group) => Object.entries(group).map(([name, make]) => ({ name, make })))
}
