import { archiveBombs } from './bombs/archives.js'
import type { Bomb, Made } from './bombs/bomb.js'
import { declaredBombs } from './bombs/declared.js'
import { entityBombs } from './bombs/entities.js'
import { nestedBombs } from './bombs/nested.js'
import { pdfBombs } from './bombs/pdf.js'
import { repeatedBombs } from './bombs/repeated.js'

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
