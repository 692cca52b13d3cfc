import { describe, expect, it } from 'vitest'
import { fromBody, paragraph } from './word-file.js'

/** The Markdown of a chart, given as what is in its plot area, in a Word document. */
async function fromChart(plot: string, title = ''): Promise<string> {
  const drawing =
    '<w:r><w:drawing><a:graphic><a:graphicData><c:chart r:id="c1"/></a:graphicData></a:graphic></w:drawing></w:r>'
  const content = `<c:chartSpace xmlns:c="c" xmlns:a="a"><c:chart>${title}<c:plotArea>${plot}</c:plotArea></c:chart></c:chartSpace>`
  const part = { name: 'word/charts/chart1.xml', content }
  return fromBody(paragraph(drawing), [part], [['c1', 'chart', 'charts/chart1.xml']])
}

const points = (texts: string[]) =>
  texts.map((text, index) => (text ? `<c:pt idx="${index}"><c:v>${text}</c:v></c:pt>` : '')).join('')
const cache = (kind: string, texts: string[]) => `<c:${kind}>${points(texts)}</c:${kind}>`
const series = (name: string, data: string) =>
  `<c:ser><c:tx>${cache('strCache', [name])}</c:tx>${data}</c:ser>`
const numbers = (name: string, texts: string[]) => `<c:${name}>${cache('numCache', texts)}</c:${name}>`
const words = (name: string, texts: string[]) => `<c:${name}>${cache('strCache', texts)}</c:${name}>`

describe('charts of Office documents', () => {
  it('are named by their only series where they have no title', async () => {
    const only = series('Rain', words('cat', ['May', 'June']) + numbers('val', ['40', '']))
    expect(await fromChart(`<c:barChart>${only}</c:barChart>`)).toBe(
      '### Rain\n\n| | Rain |\n| --- | --- |\n| May | 40 |\n| June | |\n',
    )
  })

  it('have a table for each set of points where these differ, as in scatter charts', async () => {
    const one = series('A', numbers('xVal', ['1', '2']) + numbers('yVal', ['10', '20']))
    const other = series('B', numbers('xVal', ['3']) + numbers('yVal', ['30']))
    expect(await fromChart(`<c:scatterChart>${one}${other}</c:scatterChart>`)).toBe(
      '| | A |\n| --- | --- |\n| 1 | 10 |\n| 2 | 20 |\n\n| | B |\n| --- | --- |\n| 3 | 30 |\n',
    )
  })

  it('have the outer level of categories before the inner, where it begins', async () => {
    const inner = `<c:lvl>${points(['Q1', 'Q2', 'Q1'])}</c:lvl>`
    const outer = `<c:lvl>${points(['2023', '', '2024'])}</c:lvl>`
    const levels = `<c:cat><c:multiLvlStrRef><c:multiLvlStrCache>${inner}${outer}</c:multiLvlStrCache></c:multiLvlStrRef></c:cat>`
    const data = levels + numbers('val', ['1', '2', '3'])
    expect(await fromChart(`<c:barChart>${series('A', data)}${series('B', data)}</c:barChart>`)).toBe(
      '| | A | B |\n| --- | --- | --- |\n| 2023 Q1 | 1 | 1 |\n| Q2 | 2 | 2 |\n| 2024 Q1 | 3 | 3 |\n',
    )
  })

  it('keep values that have no category', async () => {
    const data = series('A', words('cat', ['May']) + numbers('val', ['1', '2']))
    expect(await fromChart(`<c:pieChart>${data}</c:pieChart>`)).toBe(
      '### A\n\n| | A |\n| --- | --- |\n| May | 1 |\n| | 2 |\n',
    )
  })

  it('are their title where they have no data', async () => {
    const title = '<c:title><c:tx><c:rich><a:p><a:r><a:t>To come</a:t></a:r></a:p></c:rich></c:tx></c:title>'
    expect(await fromChart('<c:barChart><c:ser/></c:barChart>', title)).toBe('### To come\n')
    expect(await fromChart('')).toBe('\n')
  })
})
