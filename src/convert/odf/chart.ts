import { escapeHtml } from '../html/write.js'
import { CHART_HEADING, headingHtml, tableHtml } from '../office/office-html.js'
import { childElements, descendants, find, textOf, type XmlElement } from '../xml.js'

/** The title of an OpenDocument chart and the table of its data that it carries. */
export function chartTableHtml(chart: XmlElement): string {
  const title = descendants(find(chart, 'title'), 'p').map(textOf).join(' ')
  const rows = descendants(find(chart, 'table'), 'table-row').map((row) =>
    childElements(row, 'table-cell').map((cell) =>
      escapeHtml(childElements(cell, 'p').map(textOf).join(' ')),
    ),
  )
  return headingHtml(CHART_HEADING, [{ text: title }]) + tableHtml(rows)
}
