import { posix } from 'node:path'
import type { DocumentMetadata } from '../convert-context.js'
import type { Archive } from '../office/archive.js'
import { childElements, find, textOf, type XmlElement } from '../xml.js'

/** What a part of an Office document refers to. */
export interface Relationship {
  /** The last word of the type's address: `slide`, `hyperlink`, `chart`. */
  type: string
  /** An address, or the name of a part. */
  target: string
}

/** The relationships of a part by their ids; the part '' stands for the document as a whole. */
export async function readRelationships(archive: Archive, part: string): Promise<Map<string, Relationship>> {
  const { dir, base } = posix.parse(part)
  const root = await archive.xml(posix.join(dir, '_rels', `${base}.rels`))
  return new Map(
    childElements(root, 'Relationship').map(({ attributes }) => {
      const { Id = '', Type = '', Target = '', TargetMode } = attributes
      const target = TargetMode === 'External' ? Target : resolvePart(dir, Target)
      return [Id, { type: Type.slice(Type.lastIndexOf('/') + 1), target }]
    }),
  )
}

/** The part that the whole document begins with, such as `ppt/presentation.xml`. */
export async function mainPart(archive: Archive): Promise<string> {
  const part = partOfType(await readRelationships(archive, ''), 'officeDocument')
  if (part === undefined || !archive.has(part)) throw new Error('the main part is missing')
  return part
}

/** The parts that a list in the main part names, such as the slides, in its order. */
export function listedParts(
  archive: Archive,
  items: XmlElement[],
  relationships: Map<string, Relationship>,
): string[] {
  return items.map(({ name, attributes }) => {
    const part = relationships.get(attributes['r:id'] ?? '')?.target
    if (part === undefined || !archive.has(part)) throw new Error(`the part of a ${name} is missing`)
    return part
  })
}

export function partOfType(relationships: Map<string, Relationship>, type: string): string | undefined {
  return [...relationships.values()].find((relationship) => relationship.type === type)?.target
}

export async function readCoreProperties(archive: Archive): Promise<DocumentMetadata> {
  const part = partOfType(await readRelationships(archive, ''), 'core-properties')
  const root = part === undefined ? undefined : await archive.xml(part)
  const property = (name: string) => textOf(find(root, name)).trim() || undefined
  return { title: property('title'), author: property('creator') }
}

/**
 * The children, with those that a writer gives in several forms in one of them: the newest (Choice) where it is one
 * whose text is read here, else the one for older readers (Fallback).
 */
export function contentOf(element: XmlElement): XmlElement[] {
  return childElements(element).flatMap((child) => {
    if (child.name !== 'AlternateContent') return child
    const [choice, fallback] = [find(child, 'Choice'), find(child, 'Fallback')]
    return choice && childElements(choice).length > 0
      ? contentOf(choice)
      : fallback
        ? contentOf(fallback)
        : []
  })
}

function resolvePart(folder: string, target: string): string {
  return (target.startsWith('/') ? target : posix.join('/', folder, target)).slice(1)
}
