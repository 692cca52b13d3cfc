// invoice.pdf: one page with a table of items and the totals.
import { MADE_ON, NETWORK, SITE } from './network.mjs'
import { pdf } from './pdf.mjs'

const SELLER = ['Example Instruments Ltd', '1 Sample Street', 'Exampleton']
const BUYER = [NETWORK, 'The treasurer', 'Village Hall, Drizzle Valley']

// Prices in hundredths: sums of whole numbers are exact.
const ITEMS = [
  ['Copper funnel, 127 mm, turned rim', 1, 18450],
  ['Glass measuring cylinder, 10 mm', 4, 1275],
  ['Spare collecting bottle, 1.5 l', 6, 480],
  ['Bubble level for gauge rims', 2, 995],
  ['Reed switch for tipping buckets', 3, 1120],
  ['Leaf guard, wire, set of five', 2, 1640],
  ['Observer notebook, waterproof paper', 24, 215],
  ['Pencil with string', 24, 60],
  ['Packing and carriage', 1, 1250],
]
const TAX_PERCENT = 20

const money = (hundredths) => {
  const [whole, rest] = (hundredths / 100).toFixed(2).split('.')
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${rest}`
}

function totals() {
  const net = ITEMS.reduce((total, [, count, price]) => total + count * price, 0)
  const tax = Math.round((net * TAX_PERCENT) / 100)
  return [
    ['Net total', money(net)],
    [`Sales tax, ${TAX_PERCENT} %`, money(tax)],
    ['Amount due', money(net + tax)],
  ]
}

export function invoice() {
  return pdf({ title: 'Invoice 2025-0042', size: 'A4', margin: 60 }, (document) => {
    const right = { align: 'right' }
    document.font('Helvetica-Bold').fontSize(22).text('Invoice')
    document.font('Helvetica').fontSize(10).moveDown()
    for (const line of SELLER) document.text(line)
    document.moveDown()
    document.font('Helvetica-Bold').text('Billed to').font('Helvetica')
    for (const line of BUYER) document.text(line)
    document.moveDown()
    document.text('Invoice number: 2025-0042')
    document.text(`Date: ${MADE_ON.toISOString().slice(0, 10)}`)
    document.text('Payable by: 2025-03-31')
    document.moveDown()

    document.table({
      columnStyles: ['*', 60, 80, 80],
      rowStyles: (row) => (row === 0 ? { backgroundColor: '#e6eef5' } : {}),
      data: [
        ['Item', 'Quantity', 'Unit price', 'Amount'].map((text, at) =>
          at === 0 ? text : { text, ...right },
        ),
        ...ITEMS.map(([name, count, price]) => [
          name,
          { text: String(count), ...right },
          { text: money(price), ...right },
          { text: money(count * price), ...right },
        ]),
        ...totals().map(([label, amount]) => [
          { text: label, colSpan: 3, ...right },
          { text: amount, ...right },
        ]),
      ],
    })

    document.moveDown()
    document.text('All amounts in euros. Please give the invoice number with your payment.', 60)
    document.text(`Goods for the stations listed at ${SITE}/stations; the funnel goes to Chapel Field.`)
  })
}
