// The docx library stamps every entry of the zip with the time of the run and has no option for another one, so
// the time fields are overwritten in place. Nothing else in the file depends on them.

const CENTRAL_ENTRY = 0x02014b50
const END_OF_CENTRAL = 0x06054b50
const END_SIZE = 22

// DOS date and time in one word: years since 1980, month, day, hour, minute, two-second steps. Always UTC: local
// time would make the bytes depend on where the script runs.
function dosTime(date) {
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate()
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1)
  return day * 65536 + time
}

export function withZipTimes(zip, date) {
  const fixed = Buffer.from(zip)
  const end = fixed.length - END_SIZE
  if (fixed.readUInt32LE(end) !== END_OF_CENTRAL) throw new Error('a zip with a comment is not expected here')
  const stamp = dosTime(date)
  let at = fixed.readUInt32LE(end + 16)
  for (let left = fixed.readUInt16LE(end + 10); left > 0; left--) {
    if (fixed.readUInt32LE(at) !== CENTRAL_ENTRY) throw new Error(`no zip entry at byte ${at}`)
    fixed.writeUInt32LE(stamp, at + 12)
    fixed.writeUInt32LE(stamp, fixed.readUInt32LE(at + 42) + 10)
    at += 46 + fixed.readUInt16LE(at + 28) + fixed.readUInt16LE(at + 30) + fixed.readUInt16LE(at + 32)
  }
  return fixed
}
