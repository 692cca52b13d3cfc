import { childElements, descendants, find, textOf, type XmlElement } from '../xml.js'

/** A row of numbers of a chart, and what stands under them. */
export interface Series {
  name: string
  categories: Map<number, string>
  values: Map<number, string>
}

/** The series of the kinds of charts that Office has had since 2016, such as waterfalls, which keep their data apart. */
export function readExtendedSeries(chartSpace: XmlElement): Series[] {
  const data = new Map(
    childElements(find(chartSpace, 'chartData'), 'data').map((one) => [one.attributes.id, one]),
  )
  return descendants(find(chartSpace, 'chart', 'plotArea'), 'series').map((series) => {
    const own = data.get(find(series, 'dataId')?.attributes.val)
    return {
      name: textOf(find(series, 'tx', 'txData', 'v')),
      categories: readPoints(find(own, 'strDim')),
      values: readPoints(find(own, 'numDim')),
    }
  })
}

// Categories of several levels have the innermost first.
function readPoints(dimension: XmlElement | undefined): Map<number, string> {
  const points = new Map<number, string>()
  for (const level of childElements(dimension, 'lvl').reverse()) {
    for (const point of childElements(level, 'pt')) {
      const index = Number(point.attributes.idx)
      points.set(index, [points.get(index), textOf(point)].filter(Boolean).join(' '))
    }
  }
  return points
}
