// What all five documents talk about: an invented rain gauge network, and its stations.

export const NETWORK = 'Drizzle Valley Rain Gauge Network'
export const SITE = 'https://example.org/drizzle-valley'
export const YEAR = 2024

// One date for every file: with the date of the run in them, no two runs would give the same bytes.
export const MADE_ON = new Date('2025-03-01T09:00:00Z')

export const MONTHS = [
  ['January', 31],
  ['February', 29],
  ['March', 31],
  ['April', 30],
  ['May', 31],
  ['June', 30],
  ['July', 31],
  ['August', 31],
  ['September', 30],
  ['October', 31],
  ['November', 30],
  ['December', 31],
].map(([name, days]) => ({ name, days }))

export const STATIONS = [
  ['DV01', 'Mill Lane', 42, 'copper funnel', 1961, 'a walled kitchen garden beside the old mill race'],
  ['DV02', 'Upper Orchard', 118, 'tipping bucket', 1988, 'a clearing between two rows of apple trees'],
  ['DV03', 'Weir Cottage', 37, 'copper funnel', 1963, 'a lawn that floods about one winter in five'],
  ['DV04', 'Chapel Field', 86, 'copper funnel', 1970, 'a grazed paddock behind a low hedge'],
  ['DV05', 'Quarry Top', 241, 'weighing', 2009, 'the rim of a disused quarry, open to the west'],
  ['DV06', 'Ferry Landing', 12, 'tipping bucket', 1994, 'a shingle bank above the highest spring tide'],
  ['DV07', 'Signal Hill', 305, 'weighing', 2011, 'a windy summit with a turf wall around the gauge'],
  ['DV08', 'Reservoir Dam', 198, 'tipping bucket', 1979, 'the grass below the dam, mown twice a month'],
  ['DV09', 'Schoolhouse', 64, 'copper funnel', 1966, 'a fenced corner of the playing field'],
  ['DV10', 'Heather Moor', 352, 'tipping bucket', 2002, 'open moorland, an hour on foot from the road'],
  ['DV11', 'Railway Halt', 55, 'copper funnel', 1974, 'the garden of a closed station'],
  ['DV12', 'Long Meadow', 29, 'optical', 2018, 'a hay meadow on the flood plain'],
].map(([id, name, altitude, gauge, since, setting]) => ({ id, name, altitude, gauge, since, setting }))
