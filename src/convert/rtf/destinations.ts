import { BlockBuilder } from './blocks.js'
import { type Block, plainParagraph } from './document.js'
import type { Destination, RtfState } from './state.js'

/** The words that say where the text of their group goes. */
export const destinations: Record<string, Enter> = {
  fonttbl: goTo('fonts'),
  stylesheet: goTo('styles'),
  title: (state) => state.capture((text) => Object.assign(state.document, { title: text.trim() })),
  author: (state) => state.capture((text) => Object.assign(state.document, { author: text.trim() })),
  listtext: readMarker,
  pntext: readMarker,
  field: ({ group }) => Object.assign(group, { link: { url: group.link.url } }),
  fldinst: readInstruction,
  fldrslt: goTo('text'),
  footnote: readNote,
  shptxt: readTextBox,
  sn: (state) => state.capture((text) => Object.assign(state, { property: text.trim() })),
  sv: readProperty,
  ...each(['info', 'pict', 'picprop', 'shppict', 'shpinst', 'sp'], goTo('quiet')),
  ...each(
    [
      ...['colortbl', 'object', 'nonshppict', 'bkmkstart', 'bkmkend', 'listtable', 'listoverridetable'],
      ...['header', 'headerl', 'headerr', 'headerf', 'footer', 'footerl', 'footerr', 'footerf', 'ftnsep'],
      ...['ftnsepc', 'ftncn', 'aftnsep', 'aftnsepc', 'aftncn', 'revtbl', 'rsidtbl', 'filetbl', 'xmlnstbl'],
      ...['tc', 'xe', 'nonesttables', 'mmathPr', 'themedata', 'datafield', 'pntxta', 'pntxtb', 'falt'],
      // A shape once more, for readers that do not know `\shpinst`.
      'shprslt',
    ],
    goTo('skip'),
  ),
}

type Enter = (state: RtfState) => void

function each(words: string[], enter: Enter): Record<string, Enter> {
  return Object.fromEntries(words.map((word) => [word, enter]))
}

function goTo(destination: Destination): Enter {
  return ({ group }) => {
    group.destination = destination
  }
}

// The number or bullet of a list item, written out for readers that know no lists.
function readMarker(state: RtfState): void {
  state.capture((text) => state.builder.mark(text))
}

function readInstruction(state: RtfState): void {
  const { link } = state.group
  state.capture((instruction) => {
    // \l goes to a place in the document, where no anchor is kept.
    const [, url] = /HYPERLINK\s+"?((?:https?|mailto|ftp|tel):[^"\s]+)/i.exec(instruction) ?? []
    link.url = url ?? link.url
  })
}

function readNote(state: RtfState): void {
  const number = state.document.notes.push([])
  state.addSpecial('note', String(number))
  readApart(state, (blocks) => {
    state.document.notes[number - 1] = blocks
  })
}

// A text box hangs on a paragraph that goes on after it, so it comes before that.
function readTextBox(state: RtfState): void {
  const { builder } = state
  readApart(state, (blocks) => builder.blocks.push(...blocks))
}

function readApart(state: RtfState, then: (blocks: Block[]) => void): void {
  const { builder, group } = state
  state.builder = new BlockBuilder()
  Object.assign(group, { destination: 'text', paragraph: plainParagraph })
  group.onEnd = () => {
    then(state.builder.end(plainParagraph))
    state.builder = builder
  }
}

function readProperty(state: RtfState): void {
  const { property } = state
  state.capture((text) => {
    if (property === 'wzDescription' && text.trim() !== '') state.addSpecial('image', text.trim())
  })
}
