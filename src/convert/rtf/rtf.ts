import { readFile } from 'node:fs/promises'
import type { Converter } from '../convert-context.js'
import { damaged } from '../convert-error.js'
import { htmlToMarkdown } from '../html/html.js'
import { writeNotes } from '../html/notes.js'
import type { RtfDocument } from './document.js'
import { headingLevels, writeBlocks } from './html.js'
import { RtfState } from './state.js'
import { readTokens } from './tokens.js'
import { applySymbol, applyWord } from './words.js'

export const convertRtf: Converter = async (path, { metadata, signal }) => {
  const bytes = await readFile(path)
  const document = readDocument(bytes.toString('latin1').trimStart(), path)
  signal?.throwIfAborted()
  metadata({ title: document.title || undefined, author: document.author || undefined })
  const levels = headingLevels(document)
  const text = (await htmlToMarkdown(writeBlocks(document.blocks, levels), path)).trim()
  const notes: { number: number; markdown: string }[] = []
  for (const [index, blocks] of document.notes.entries()) {
    notes.push({ number: index + 1, markdown: await htmlToMarkdown(writeBlocks(blocks, levels), path) })
  }
  return `${text}\n\n${writeNotes(notes)}`
}

function readDocument(rtf: string, path: string): RtfDocument {
  const state = new RtfState()
  try {
    for (const token of readTokens(rtf)) {
      if (token.kind === 'open') state.open()
      else if (token.kind === 'bytes') state.addBytes(token.bytes)
      else if (token.kind === 'symbol') applySymbol(state, token.symbol)
      else if (token.kind === 'word') applyWord(state, token.word, token.value)
      else state.close()
      // What comes after the document is none of it.
      if (token.kind === 'close' && state.depth === 0) break
    }
    if (state.depth > 0) throw new Error('it ends within a group')
    state.document.blocks = state.builder.end(state.group.paragraph)
    return state.document
  } catch (cause) {
    throw damaged(path, 'RTF document', cause)
  }
}
