// The readings of the stations: made up, but the same in every document that shows them.
import { MONTHS, YEAR } from './network.mjs'
import { seeded } from './random.mjs'

// In tenths of a millimetre, a usual month at sea level: wet winters, dry early summers.
const USUAL = [880, 640, 610, 520, 480, 540, 590, 690, 730, 940, 970, 950]

export const millimetres = (tenths) => (tenths / 10).toFixed(1)

export const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)

export function monthlyRain(station, year = YEAR) {
  const { between } = seeded(`${year}, the whole valley`)
  const local = seeded(`${station.id} ${year}`)
  return USUAL.map((usual) => {
    const weather = between(55, 150) + local.between(-8, 8)
    return Math.round((usual * weather * (1000 + 2 * station.altitude)) / 100_000)
  })
}

export const yearlyRain = (station, year = YEAR) => sum(monthlyRain(station, year))

// Shares a month's rain out over its days. A wet day is wet all over the valley, about half of all days stay dry, and
// the shares add up to the month.
export function dailyRain(station, month, year = YEAR) {
  const valley = seeded(`${year} ${month}, the whole valley`)
  const local = seeded(`${station.id} ${year} ${month}`)
  const total = monthlyRain(station, year)[month]
  const weights = Array.from({ length: MONTHS[month].days }, () =>
    Math.max(0, valley.between(-90, 100) + local.between(-12, 12)),
  )
  const wettest = weights.indexOf(Math.max(...weights))
  const days = weights.map((weight) => Math.floor((total * weight) / sum(weights)))
  days[wettest] += total - sum(days)
  return days
}
