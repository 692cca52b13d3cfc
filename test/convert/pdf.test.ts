import { describe, expect, it } from 'vitest'
import { documentFile, headings, metadataOf, outOfOrder, sample, tables, toMarkdown } from './documents.js'
import { type PdfPage, pdfFile } from './pdf-file.js'

async function fromPages(...pages: PdfPage[]): Promise<string> {
  return toMarkdown({ path: await documentFile('made.pdf', pdfFile(pages)) })
}

const lines = (x: number, top: number, texts: string[]): PdfPage['texts'] =>
  texts.map((text, index) => ({ at: [x, top - index * 12], text }))

describe('test.pdf', () => {
  it('keeps its heading and its paragraphs in order', async () => {
    const markdown = await toMarkdown({ path: sample('test.pdf') })
    expect(headings(markdown, 1)).toEqual(['1 Introduction'])
    const wanted = [
      'Large language models (LLMs) are becoming a crucial building block in developing powerful agents that utilize',
      '\n\nOur insight is to use multi-agent conversations',
      '\n\nWhile there is contemporaneous exploration',
      '\n\n1 Customizable and conversable agents. AutoGen uses',
      '\n\n2 Conversation programming. A fundamental insight',
      '\n\n3 We refer to Appendix A',
    ]
    expect(outOfOrder(markdown, wanted)).toEqual([])
    // A heading, three paragraphs, two numbered concepts and a note; neither the page's number nor its line breaks.
    expect(markdown.trimEnd().split('\n\n')).toHaveLength(7)
    expect(tables(markdown)).toEqual([])
    expect(markdown).not.toMatch(/^2$/m)
  })

  it('joins words broken at line ends, and leaves compounds their hyphen', async () => {
    const markdown = await toMarkdown({ path: sample('test.pdf') })
    expect(
      outOfOrder(markdown, [
        'confirming its general',
        'chat-optimized LLMs',
        'reasoning, observations',
        'potentially backed',
      ]),
    ).toEqual([])
    expect(
      outOfOrder(markdown, [
        'flexibility to satisfy',
        'leverage LLMs',
        'certain rounds',
        'conversation-centric',
      ]),
    ).toEqual([])
  })
})

describe('movie-theater-booking-2024.pdf', () => {
  it('reads its sections in order, one column after the other', async () => {
    const markdown = await toMarkdown({ path: sample('movie-theater-booking-2024.pdf') })
    const wanted = [
      '# BOOKING ORDER',
      'Print Date 12/15/2024 14:30:22',
      'STARLIGHT CINEMAS',
      'Orders',
      'Order / Rev: 2024-12-5678',
      'Order Type: Premium Package',
      'Cinema: Downtown Multiplex',
      'Billing Contact: accounting@premierent.com 555 Broadway Suite 1200 New York, NY 10012',
      'Booking Summary',
      'Totals',
      'Account Representatives',
      'Show Schedule Details',
      'Show Details',
      'All showtimes are approximate and subject to change.',
    ]
    expect(outOfOrder(markdown, wanted)).toEqual([])
  })

  it('has its eight sections as headings and its forms as lists', async () => {
    const markdown = await toMarkdown({ path: sample('movie-theater-booking-2024.pdf') })
    const sections = ['Orders', 'Booking Agency', 'Customer', 'Booking Summary', 'Totals']
    const found = [...headings(markdown, 2), ...headings(markdown, 3)]
    expect(found.filter((title) => title !== 'STARLIGHT CINEMAS')).toEqual([
      ...[...sections, 'Account Representatives', 'Show Schedule Details', 'Show Details'],
    ])
    // 7 and 4 of the order, 3 and 3 of the agency, 5 of the customer.
    expect(markdown.match(/^- [A-Z][^:]*: \S/gm)).toHaveLength(22)
  })

  it('finds its tables, which have no borders', async () => {
    const found = tables(await toMarkdown({ path: sample('movie-theater-booking-2024.pdf') }))
    expect(found.map((rows) => [rows.length, rows[0]?.length])).toEqual([
      [2, 5],
      [3, 5],
      [2, 5],
      [4, 12],
      [5, 9],
    ])
    expect(found[0]).toEqual([
      ['Start Date', 'End Date', '# Shows', 'Gross Amount', 'Net Amount'],
      ['12/20/24', '12/31/24', '48', '$12,500.00', '$11,250.00'],
    ])
    expect(found[1]?.[1]).toEqual(['December 2024', '48', '$12,500.00', '$11,250.00', '85%'])
    expect(found[2]?.[1]).toEqual(['Sarah Johnson', 'NYC Metro', 'NORTHEAST', '12/20/24 - 12/31/24', '100%'])
    expect(found[4]?.[4]).toEqual(['Total Revenue:', '', '', '', '', '', '', '', '$12,500.00'])
    expect(found[3]?.[2]).toContain('Winter Wonderland (Runtime: 98 min); Matinee Special')
    expect(found[4]?.[3]).toEqual([
      '3',
      'SCR-1',
      '12/26-12/31',
      'New Year Mystery',
      '9:30 PM',
      'Daily',
      'PM',
      '$300',
      '$3,600',
    ])
  })
})

describe('PDF', () => {
  it('ranks headings by their size', async () => {
    const markdown = await fromPages({
      texts: [
        { at: [50, 700], size: 24, text: 'The title' },
        { at: [50, 660], size: 16, text: 'A section' },
        ...lines(50, 630, ['Enough body text to be told from headings by anybody', 'who reads it.']),
        { at: [50, 580], size: 16, text: 'Another' },
        { at: [50, 560], text: 'More text.' },
      ],
    })
    expect([headings(markdown, 1), headings(markdown, 2)]).toEqual([['The title'], ['A section', 'Another']])
    expect(markdown).toContain('Enough body text to be told from headings by anybody who reads it.\n\n')
  })

  it('takes a title of two lines for one, and large text that goes on and on for none', async () => {
    const title = lines(50, 750, ['A title that is', 'too long for a line']).map(
      ({ at: [x, y], text }, index) => {
        return { at: [x, y - index * 10] as [number, number], size: 18, text }
      },
    )
    const lead = Array.from({ length: 5 }, (_, index): PdfPage['texts'][number] => {
      return { at: [50, 650 - index * 17], size: 14, text: 'Large words that lead into the text, and go on' }
    })
    const body = lines(
      50,
      500,
      Array(9).fill('Body text of which there is more than of anything else, by far'),
    )
    const markdown = await fromPages({ texts: [...title, ...lead, ...body] })
    expect(headings(markdown, 1)).toEqual(['A title that is too long for a line'])
    expect(markdown.match(/^#/gm)).toHaveLength(1)
    expect(markdown).toContain('\n\nLarge words that lead into the text, and go on Large words')
  })

  it('reads text that was drawn to the left of what stands in its line after that', async () => {
    const markdown = await fromPages({
      texts: [
        { at: [300, 700], text: 'Drawn first' },
        { at: [50, 700], text: 'Drawn second' },
      ],
    })
    expect(markdown).toBe('Drawn first\n\nDrawn second\n')
  })

  it('reads lines without any word', async () => {
    expect(await fromPages({ texts: lines(50, 700, ['...', '...!']) })).toBe('... ...!\n')
  })

  it('reads two columns one after the other', async () => {
    const left = lines(50, 700, ['Left one goes on here', 'left two.'])
    const right = lines(320, 700, ['Right one goes on here', 'right two.'])
    const markdown = await fromPages({ texts: [...left, ...right] })
    expect(markdown).toBe('Left one goes on here left two.\n\nRight one goes on here right two.\n')
  })

  it('reads bullets and numbers as lists, with what is indented under them', async () => {
    const markdown = await fromPages({
      texts: [
        { at: [50, 700], text: '- first item' },
        { at: [70, 688], text: '- inner item' },
        { at: [50, 676], text: '- second item' },
        { at: [50, 640], text: '1. numbered' },
        { at: [50, 628], text: '2. also' },
      ],
    })
    expect(markdown).toBe('- first item\n    - inner item\n- second item\n1. numbered\n2. also\n')
  })

  it('carries a paragraph over a page break and leaves the page number out', async () => {
    const markdown = await fromPages(
      {
        texts: [
          ...lines(50, 200, ['The sentence that begins on this page goes', 'on and on and']),
          { at: [300, 30], text: '1' },
        ],
      },
      { texts: lines(50, 700, ['ends on the next.']) },
    )
    expect(markdown).toBe('The sentence that begins on this page goes on and on and ends on the next.\n')
  })

  it('reports every page as it is read', async () => {
    const path = await documentFile(
      'two.pdf',
      pdfFile([1, 2].map((page) => ({ texts: lines(50, 700, [`Page ${page}`]) }))),
    )
    const seen: unknown[] = []
    await toMarkdown({ path }, { progress: ({ current, total }) => seen.push([current, total]) })
    expect(seen).toEqual([
      [1, 2],
      [2, 2],
    ])
  })

  it('stops between pages when it is aborted', async () => {
    const path = await documentFile(
      'three.pdf',
      pdfFile([1, 2, 3].map(() => ({ texts: lines(50, 700, ['Text']) }))),
    )
    const controller = new AbortController()
    const seen: unknown[] = []
    const progress = ({ current }: { current?: number }) => {
      seen.push(current)
      controller.abort(new Error('enough'))
    }
    await expect(toMarkdown({ path }, { signal: controller.signal, progress })).rejects.toThrow('enough')
    expect(seen).toEqual([1])
  })

  it('writes a rule between pages where that is wanted, and leaves each page its text', async () => {
    const pages = [lines(50, 200, ['The sentence goes on and']), [], lines(50, 700, ['ends here.'])]
    const path = await documentFile('breaks.pdf', pdfFile(pages.map((texts) => ({ texts }))))
    expect(await toMarkdown({ path, pageBreaks: true })).toBe(
      'The sentence goes on and\n\n---\n\n---\n\nends here.\n',
    )
    expect(await toMarkdown({ path })).toBe('The sentence goes on and ends here.\n')
  })

  it('tells its title, author and pages', async () => {
    const info = '/Info << /Title (On rain) /Author (A. Author) >>'
    const file = pdfFile(
      [1, 2].map(() => ({ texts: lines(50, 700, ['Text']) })),
      info,
    )
    expect(await metadataOf(await documentFile('named.pdf', file))).toEqual({
      title: 'On rain',
      author: 'A. Author',
      pages: 2,
    })
  })
})
