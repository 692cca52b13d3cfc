// handbook.pdf: a long document, so that converting it takes its time.
import { CHAPTERS } from './handbook-chapters.mjs'
import { writer } from './handbook-sentences.mjs'
import { stationPages } from './handbook-stations.mjs'
import { MADE_ON, MONTHS, NETWORK, SITE, STATIONS } from './network.mjs'
import {
  bulletList,
  chapterHeading,
  numberedList,
  paragraph,
  pdf,
  readingsTable,
  sectionHeading,
} from './pdf.mjs'
import { dailyRain, millimetres } from './readings.mjs'

const TITLE = 'Handbook for Observers'
const MARGIN = 72
const CONTENTS_PAGES = 2
const CONTENTS_LINES = 50

function titlePage(document) {
  document.moveDown(10).font('Helvetica-Bold').fontSize(34).text(TITLE, { align: 'center' })
  document.moveDown().font('Helvetica').fontSize(16).text(NETWORK, { align: 'center' })
  document.moveDown(20).fontSize(11).text(`Seventh edition, ${MADE_ON.getUTCFullYear()}`, { align: 'center' })
  document.text(SITE, { align: 'center', link: SITE })
}

// Eight days of three stations next to each other, as the chapters show them for comparison.
function comparison(document, random) {
  const month = random.between(0, MONTHS.length - 1)
  const first = random.between(0, 20)
  const dealt = random.deck(STATIONS)
  const stations = [dealt(), dealt(), dealt()]
  const days = stations.map((station) => dailyRain(station, month))
  const rows = Array.from({ length: 8 }, (_, at) => [
    `${first + at + 1} ${MONTHS[month].name}`,
    ...days.map((own) => millimetres(own[first + at])),
  ])
  readingsTable(document, ['Day', ...stations.map((station) => station.name)], rows)
}

function section(document, chapter, name, number, enter) {
  sectionHeading(document, `${number} ${name}`)
  enter(1, `${number} ${name}`)
  const text = writer(chapter, `${number} ${name}`)
  paragraph(document, text.paragraph())
  paragraph(document, text.paragraph())
  const at = chapter.sections.indexOf(name)
  if (at % 3 === 0) numberedList(document, text.steps(4))
  if (at % 3 === 1) comparison(document, text.random)
  if (at % 3 === 2) bulletList(document, text.steps(3))
  paragraph(document, text.paragraph())
  paragraph(document, text.paragraph())
}

// The contents come first but are known last: their pages are kept free and filled in at the end.
function contents(document, entries) {
  for (let page = 0; page < CONTENTS_PAGES; page++) {
    document.switchToPage(1 + page)
    if (page === 0) document.font('Helvetica-Bold').fontSize(22).text('Contents', MARGIN, MARGIN)
    document.font('Times-Roman').fontSize(10.5)
    entries.slice(page * CONTENTS_LINES, (page + 1) * CONTENTS_LINES).forEach((entry, line) => {
      const y = MARGIN + 36 + line * 13
      document.text(entry.text, MARGIN + entry.depth * 14, y, { lineBreak: false })
      document.text(String(entry.page), MARGIN, y, {
        width: document.page.width - 2 * MARGIN,
        align: 'right',
      })
    })
  }
}

function pageNumbers(document) {
  const { count } = document.bufferedPageRange()
  for (let page = 1; page < count; page++) {
    document.switchToPage(page)
    // Below the bottom margin the library would begin another page.
    document.page.margins.bottom = 0
    document
      .font('Helvetica')
      .fontSize(9)
      .text(String(page + 1), MARGIN, document.page.height - 44, {
        width: document.page.width - 2 * MARGIN,
        align: 'center',
        lineBreak: false,
      })
  }
}

export function handbook() {
  return pdf({ title: TITLE, size: 'A4', margin: MARGIN, bufferPages: true }, (document) => {
    const entries = []
    const enter = (depth, text) => entries.push({ depth, text, page: document.bufferedPageRange().count })

    titlePage(document)
    for (let page = 0; page < CONTENTS_PAGES; page++) document.addPage()

    CHAPTERS.forEach((chapter, at) => {
      document.addPage()
      chapterHeading(document, `${at + 1} ${chapter.title}`)
      enter(0, `${at + 1} ${chapter.title}`)
      chapter.sections.forEach((name, index) => {
        section(document, chapter, name, `${at + 1}.${index + 1}`, enter)
      })
    })

    STATIONS.forEach((station) => {
      document.addPage()
      enter(0, `Station ${station.id}: ${station.name}`)
      stationPages(document, station)
    })

    contents(document, entries)
    pageNumbers(document)
  })
}
