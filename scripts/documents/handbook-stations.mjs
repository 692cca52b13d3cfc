// The station sheets at the end of the handbook.
import { CHAPTERS } from './handbook-chapters.mjs'
import { writer } from './handbook-sentences.mjs'
import { MONTHS, YEAR } from './network.mjs'
import { chapterHeading, paragraph, readingsTable, sectionHeading } from './pdf.mjs'
import { dailyRain, millimetres, monthlyRain, yearlyRain } from './readings.mjs'

const YEARS = [YEAR - 4, YEAR - 3, YEAR - 2, YEAR - 1, YEAR]

function monthsTable(document, station) {
  const columns = YEARS.map((year) => monthlyRain(station, year))
  const rows = MONTHS.map(({ name }, month) => [name, ...columns.map((rain) => millimetres(rain[month]))])
  const totals = YEARS.map((year) => millimetres(yearlyRain(station, year)))
  readingsTable(document, ['Month', ...YEARS.map(String)], [...rows, ['Year', ...totals]])
}

// Three months side by side; a month that is over leaves its cell empty.
function daysTable(document, station, months) {
  const columns = months.map((month) => dailyRain(station, month))
  const rows = Array.from({ length: 31 }, (_, day) => [
    String(day + 1),
    ...columns.map((rain) => (day < rain.length ? millimetres(rain[day]) : '')),
  ])
  readingsTable(document, ['Day', ...months.map((month) => MONTHS[month].name)], rows)
}

export function stationPages(document, station) {
  chapterHeading(document, `Station ${station.id}: ${station.name}`)
  paragraph(
    document,
    `${station.name} has been read since ${station.since}. The gauge (${station.gauge}) stands ` +
      `${station.altitude} m above the sea, in the following place: ${station.setting}.`,
  )
  sectionHeading(document, `Monthly sums, ${YEARS[0]} to ${YEARS.at(-1)}, in millimetres`)
  monthsTable(document, station)
  const chapter = CHAPTERS[Number(station.id.slice(2)) - 1]
  const text = writer(chapter, `sheet of ${station.id}`)
  sectionHeading(document, 'Notes of the observers')
  paragraph(document, text.paragraph())
  paragraph(document, text.paragraph())
  for (const first of [0, 3, 6, 9]) {
    document.addPage()
    const months = [first, first + 1, first + 2]
    const [from, , to] = months.map((month) => MONTHS[month].name)
    sectionHeading(document, `Daily readings, ${from} to ${to} ${YEAR}`)
    daysTable(document, station, months)
  }
}
