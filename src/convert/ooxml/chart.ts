import { escapeHtml } from '../html/write.js'
import { formatNumber } from '../office/number-format.js'
import { CHART_HEADING, headingHtml, tableHtml } from '../office/office-html.js'
import { childElements, descendants, find, textOf, type XmlElement } from '../xml.js'
import { readExtendedSeries, type Series } from './chart-extended.js'

/** A chart's title and its data, a row for each category and a column for each series. */
export function chartHtml(chartSpace: XmlElement): string {
  const chart = find(chartSpace, 'chart')
  const series = find(chartSpace, 'chartData') ? readExtendedSeries(chartSpace) : readAllSeries(chart)
  const title = titleOf(chart) || (series.length === 1 ? (series[0]?.name ?? '') : '')
  const tables = groupByCategories(series).map(writeTable)
  return headingHtml(CHART_HEADING, [{ text: title }]) + tables.join('')
}

function titleOf(chart: XmlElement | undefined): string {
  const text = find(chart, 'title', 'tx')
  const paragraphs = descendants(text, 'p').map((paragraph) =>
    descendants(paragraph, 't').map(textOf).join(''),
  )
  const points = [...readPoints(text).values(), textOf(find(text, 'txData', 'v'))]
  return (paragraphs.length > 0 ? paragraphs : points).join(' ').trim()
}

function readAllSeries(chart: XmlElement | undefined): Series[] {
  return childElements(find(chart, 'plotArea')).flatMap((plot) => childElements(plot, 'ser').map(readSeries))
}

function readSeries(series: XmlElement): Series {
  const name = find(series, 'tx')
  return {
    name: [...readPoints(name).values()].join(' ') || textOf(find(name, 'v')),
    categories: readPoints(find(series, 'cat') ?? find(series, 'xVal')),
    values: readPoints(find(series, 'val') ?? find(series, 'yVal')),
  }
}

// What the chart showed when it was saved. Categories of several levels have a cache for each, the innermost first.
function readPoints(data: XmlElement | undefined): Map<number, string> {
  const points = new Map<number, string>()
  const caches = descendants(data, 'lvl').reverse()
  for (const cache of caches.length > 0 ? caches : caching(data)) {
    const format = textOf(find(cache, 'formatCode'))
    for (const point of childElements(cache, 'pt')) {
      const index = Number(point.attributes.idx)
      const text = readPoint(textOf(find(point, 'v')), point.attributes.formatCode ?? format)
      points.set(index, [points.get(index), text].filter(Boolean).join(' '))
    }
  }
  return points
}

function caching(data: XmlElement | undefined): XmlElement[] {
  return ['strCache', 'numCache', 'strLit', 'numLit'].flatMap((name) => [...descendants(data, name)])
}

function readPoint(text: string, format: string): string {
  const number = Number(text)
  return format && text.trim() !== '' && Number.isFinite(number) ? formatNumber(number, format) : text
}

// The series of most charts share their categories; those of a scatter chart may each have their own.
function groupByCategories(series: Series[]): Series[][] {
  const groups = new Map<string, Series[]>()
  for (const one of series) {
    const key = JSON.stringify([...one.categories])
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
}

function writeTable(series: Series[]): string {
  const categories = series[0]?.categories ?? new Map<number, string>()
  const indexes = new Set([...categories.keys(), ...series.flatMap(({ values }) => [...values.keys()])])
  const rows = [...indexes]
    .sort((a, b) => a - b)
    .map((index) => [categories.get(index) ?? '', ...series.map(({ values }) => values.get(index) ?? '')])
  const head = ['', ...series.map(({ name }) => name)]
  return rows.length === 0 ? '' : tableHtml([head, ...rows].map((row) => row.map(escapeHtml)))
}
