// report.docx: the network's report on a year, with all that a Word file usually brings along.
import { ImageRun, Paragraph } from 'docx'
import { MONTHS, NETWORK, SITE, STATIONS, YEAR } from './network.mjs'
import { barChart } from './png.mjs'
import { millimetres, monthlyRain, sum, yearlyRain } from './readings.mjs'
import { bold, bullet, heading, italic, linkMaker, numbered, pack, paragraph, table } from './word.mjs'

const TITLE = `Rainfall in the valley in ${YEAR}`

function valleyMonths() {
  const all = STATIONS.map((station) => monthlyRain(station))
  return MONTHS.map((_, month) => Math.round(sum(all.map((months) => months[month])) / STATIONS.length))
}

function chart(months) {
  const { data, width, height } = barChart(months)
  const image = new ImageRun({
    type: 'png',
    data,
    transformation: { width, height },
    // The id is given here because the library would count on over all files of one run.
    altText: {
      id: '1',
      name: 'Monthly rainfall',
      title: 'Monthly rainfall',
      description: `Bar chart of the mean rainfall of each month of ${YEAR} over all twelve stations`,
    },
  })
  return new Paragraph({ children: [image] })
}

export function report() {
  const { link, links } = linkMaker()
  const months = valleyMonths()
  const wettest = months.indexOf(Math.max(...months))
  const driest = months.indexOf(Math.min(...months))
  const byRain = [...STATIONS].sort((one, other) => yearlyRain(other) - yearlyRain(one))
  const highest = byRain[0]
  const lowest = byRain.at(-1)

  const children = [
    heading(1, TITLE),
    paragraph(italic(`Yearly report of the ${NETWORK}, for its observers and for everyone downstream.`)),

    heading(2, 'The year in short'),
    paragraph(
      'The twelve stations of the network were read on every day of the year. On average they caught ',
      bold(`${millimetres(sum(months))} mm`),
      `. The wettest month was ${MONTHS[wettest].name} with ${millimetres(months[wettest])} mm, the driest `,
      `${MONTHS[driest].name} with ${millimetres(months[driest])} mm. The most rain fell at ${highest.name}, `,
      `the least at ${lowest.name}.`,
    ),
    chart(months),
    paragraph(italic('Figure 1. Mean rainfall of the twelve stations, January to December.')),

    heading(2, 'How the rain was measured'),
    heading(3, 'The gauges'),
    paragraph(
      'Four kinds of gauge are in use. They stand at heights from 12 m to 352 m above the sea, and each has a ',
      'second gauge within sight against which it is checked twice a year.',
    ),
    bullet(1, bold('Copper funnels'), ', read by hand at nine in the morning'),
    bullet(2, 'Mill Lane, Weir Cottage, Chapel Field, Schoolhouse and Railway Halt'),
    bullet(2, 'measured to a tenth of a millimetre'),
    bullet(3, 'a trace is written down as such, not as nought'),
    bullet(3, 'snow is melted first'),
    bullet(1, bold('Tipping buckets'), ', which close a switch with every 0.2 mm'),
    bullet(1, bold('Weighing gauges'), ', at the two windiest sites'),
    bullet(1, bold('One optical gauge'), ', at Long Meadow, still on trial'),

    heading(3, 'The checks'),
    heading(4, 'Every day'),
    numbered(1, 1, 'Read the gauge before touching anything.'),
    numbered(1, 1, 'Empty it, and look into it:'),
    numbered(1, 2, 'for leaves, spiders and snails;'),
    numbered(1, 2, 'for a film of water that clings to the bottom.'),
    numbered(1, 1, 'Write the amount down twice, once in the book and once on the form.'),
    heading(4, 'Every month'),
    numbered(2, 1, 'Compare the sum of the days with the storage can.'),
    numbered(2, 1, 'Compare the month with the three nearest stations.'),
    numbered(2, 2, 'If they differ by more than a fifth, tell the coordinator.'),
    numbered(2, 3, 'Do not correct the reading yourself.'),
    numbered(2, 1, 'Send the form in by the fifth.'),

    heading(2, 'The readings'),
    paragraph('Table 1 gives the sum of the year for each station and the wettest single month.'),
    table(
      ['Station', 'Name', 'Altitude (m)', 'Gauge', 'Year (mm)', 'Wettest month'],
      STATIONS.map((station) => {
        const own = monthlyRain(station)
        const most = own.indexOf(Math.max(...own))
        return [
          station.id,
          station.name,
          String(station.altitude),
          station.gauge,
          millimetres(yearlyRain(station)),
          `${MONTHS[most].name} (${millimetres(own[most])})`,
        ]
      }),
    ),
    paragraph(),
    heading(3, 'What stands out'),
    paragraph(
      'Rain in the valley grows with height, ',
      italic('about as much as everyone expects'),
      ', and the order of the stations has hardly changed since the first full year. Where a station breaks ',
      'the rule, look first at the wind, then at the hedge, and only then at the sky.',
    ),
    heading(3, 'Gaps'),
    paragraph(
      bold('No day is missing. '),
      'On four days a reading was estimated from the neighbours, because the gauge had overflowed, frozen or, ',
      'in one case, been filled by a well-meaning watering can. Estimated days are marked in the ',
      link('open data files', `${SITE}/data`),
      '.',
    ),

    heading(2, 'Outlook'),
    paragraph(
      'The handbook for observers is being revised and will be printed in spring. Readers who would like to look ',
      'after a gauge will find all they need on the page ',
      link('How to join', `${SITE}/join`),
      '; a garden, a quiet morning and some patience are enough.',
    ),
  ]
  return pack(TITLE, children, links)
}
