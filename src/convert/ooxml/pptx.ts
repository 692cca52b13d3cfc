import { setImmediate } from 'node:timers/promises'
import type { ConverterContext } from '../convert-context.js'
import { htmlToMarkdown } from '../html/html.js'
import { type Archive, withArchive } from '../office/archive.js'
import { childElements, find } from '../xml.js'
import { listedParts, mainPart, readCoreProperties, readRelationships } from './parts.js'
import { readSlide, slideReader } from './pptx-slide.js'

export async function convertPptx(path: string, context: ConverterContext): Promise<string> {
  const slides = await withArchive(path, 'PowerPoint presentation', context, async (archive) => {
    const parts = await slideParts(archive)
    context.metadata({ ...(await readCoreProperties(archive)), pages: parts.length })
    return readSlides(archive, parts, context)
  })
  return htmlToMarkdown(slides.join('\n'), path)
}

/** In the order of the show, which is not that of the parts' names. */
async function slideParts(archive: Archive): Promise<string[]> {
  const main = await mainPart(archive)
  const relationships = await readRelationships(archive, main)
  const list = find(await archive.xml(main), 'sldIdLst')
  return listedParts(archive, childElements(list, 'sldId'), relationships)
}

async function readSlides(archive: Archive, parts: string[], context: ConverterContext): Promise<string[]> {
  const reader = slideReader(archive)
  const slides: string[] = []
  for (const [index, part] of parts.entries()) {
    // A whole turn of the event loop, so that an abort sent from outside is heard.
    await setImmediate()
    context.signal?.throwIfAborted()
    slides.push(await readSlide(reader, part, index + 1))
    context.progress?.({
      current: index + 1,
      total: parts.length,
      message: `slide ${index + 1} of ${parts.length}`,
    })
  }
  return slides
}
