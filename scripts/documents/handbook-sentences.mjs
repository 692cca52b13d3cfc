// Sentences for the handbook: patterns with gaps, filled from a chapter's vocabulary. Each paragraph differs, and the
// same seed always gives the same one.
import { STATIONS } from './network.mjs'
import { seeded } from './random.mjs'
import { millimetres } from './readings.mjs'

const PATTERNS = [
  '{When}, {who} should {task}.',
  'It takes about {count} minutes to {task}, and they are well spent, because {reason}.',
  'At {station}, {fault}; this was noticed in {year}, {count} days after it had happened.',
  'If {fault}, do not correct anything: write it in {record} and tell {other}.',
  'Keep in mind that {reason}.',
  'The observers at {station} learned this in {year}, when the record was {amount} mm short over a single month.',
  '{Thing} is looked at {often}, and {thing} {often}.',
  'Whoever has to {task} for the first time should let somebody from {station} show how it is done.',
  'Nobody can see from the number alone that {fault}.',
  'A difference of {amount} mm between two gauges is not a fault in itself, but it is a reason to {task}.',
  'Do not {avoid}, not even {hurry}.',
  '{When}, begin with {thing} and leave {thing} for later.',
  'The rule is the same for all twelve stations: {task}, and then {task}.',
  'This matters most in {season}: it has happened before that {fault}.',
  'Since {reason}, {who} should {task} before doing anything else.',
  'A note such as "{fault}" in {record} is worth more than a neat page.',
  'In {year} this was tried in another way at {station}, and given up after {count} weeks.',
  'If there is any doubt about {thing}, ask {other} and go on reading as usual.',
  'Two people may disagree about {thing}; they may not disagree about {record}.',
  'For {place}, the same holds with one exception: {when}, {who} may wait up to {count} minutes.',
  'The first sign is often that {fault}, and the second that {fault}.',
  'Experience shows that {reason}, and that {reason}.',
  'It is not enough to {task}; {who} should also {task}.',
  'Of {count} cases in the archive, most began with the same remark: {fault}.',
  'Remember that {reason}, whatever the weather.',
  'Once in {season} it pays to {task}, simply because {reason}.',
  'What was {amount} mm at {station} may be {amount} mm at {station}, and both can be right.',
  'When {fault}, the reading still counts, but it gets a mark and a line in {record}.',
]

const WHEN = [
  'before the morning reading',
  'after a windy night',
  'on the first day of the month',
  'when a deputy takes over',
  'after a long dry spell',
  'when rain is falling',
  'on a holiday',
  'after the first frost',
  'when visitors are watching',
]
const HURRY = ['in a hurry', 'on a holiday', 'in the rain', 'when visitors are watching', 'after a bad night']
const WHO = ['the observer', 'the deputy', 'the station keeper', 'whoever reads the gauge']
const OTHER = ['the coordinator', 'the nearest station', 'the keeper of the archive', 'the secretary']
const RECORD = ['the remarks column', 'the station book', 'the monthly form', 'the check sheet']
const OFTEN = ['every day', 'once a week', 'twice a month', 'once a season', 'after every storm']
const SEASON = ['spring', 'early summer', 'late summer', 'autumn', 'winter']
const AVOID = [
  'guess',
  'round the number',
  'fill in a day afterwards',
  'touch the funnel first',
  'tidy the page',
]

const capital = (text) => text[0].toUpperCase() + text.slice(1)

export function writer(chapter, seed) {
  const random = seeded(seed)
  const station = random.deck(STATIONS)
  const when = random.deck(WHEN)
  const thing = random.deck(chapter.things)
  const pattern = random.deck(PATTERNS)
  const task = random.deck(chapter.tasks)
  const gaps = {
    when,
    thing,
    task,
    When: () => capital(when()),
    Thing: () => capital(thing()),
    fault: random.deck(chapter.faults),
    reason: random.deck(chapter.reasons),
    who: random.deck(WHO),
    other: random.deck(OTHER),
    record: random.deck(RECORD),
    often: random.deck(OFTEN),
    season: random.deck(SEASON),
    hurry: random.deck(HURRY),
    avoid: random.deck(AVOID),
    station: () => station().name,
    place: () => {
      const { name, altitude } = station()
      return `${name}, ${altitude} m above the sea`
    },
    count: () => String(random.between(3, 45)),
    year: () => String(random.between(2019, 2024)),
    amount: () => millimetres(random.between(2, 380)),
  }
  const sentence = () => pattern().replace(/\{(\w+)\}/g, (_, gap) => gaps[gap]())

  return {
    random,
    paragraph: () => Array.from({ length: random.between(4, 7) }, sentence).join(' '),
    steps: (count) => Array.from({ length: count }, () => `${capital(task())}.`),
  }
}
