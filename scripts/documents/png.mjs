// A bar chart as a PNG. Its pixel data is stored, not deflated, so that no zlib version has a say in the bytes;
// the DOCX around it compresses it anyway.
import { crc32 } from 'node:zlib'

const WIDTH = 300
const HEIGHT = 150
const BAR = 17
const PITCH = 24
const PALETTE = Buffer.from([0xff, 0xff, 0xff, 0x2f, 0x6f, 0xa8, 0x44, 0x44, 0x44])
const PAPER = 0
const WATER = 1
const INK = 2

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

function adler32(data) {
  let low = 1
  let high = 0
  for (const byte of data) {
    low = (low + byte) % 65521
    high = (high + low) % 65521
  }
  return high * 65536 + low
}

// One stored block holds at most 65535 bytes; the chart stays well below that.
function stored(data) {
  const framed = Buffer.alloc(data.length + 11)
  framed.writeUInt16BE(0x7801, 0)
  framed.writeUInt8(1, 2)
  framed.writeUInt16LE(data.length, 3)
  framed.writeUInt16LE(0xffff - data.length, 5)
  data.copy(framed, 7)
  framed.writeUInt32BE(adler32(data), data.length + 7)
  return framed
}

export function barChart(values) {
  const highest = Math.max(...values)
  const colourAt = (x, y) => {
    if (y === HEIGHT - 2 || x === 4) return INK
    const bar = Math.floor((x - 8) / PITCH)
    if (bar < 0 || bar >= values.length || (x - 8) % PITCH >= BAR || y > HEIGHT - 2) return PAPER
    return HEIGHT - 2 - y <= Math.round((values[bar] * (HEIGHT - 12)) / highest) ? WATER : PAPER
  }
  const rows = Buffer.alloc((WIDTH + 1) * HEIGHT)
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) rows[y * (WIDTH + 1) + 1 + x] = colourAt(x, y)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(WIDTH, 0)
  header.writeUInt32BE(HEIGHT, 4)
  header.set([8, 3, 0, 0, 0], 8)
  const data = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', PALETTE),
    chunk('IDAT', stored(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
  return { data, width: WIDTH, height: HEIGHT }
}
