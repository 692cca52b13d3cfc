/** Thrown for a compound file that cannot be read to an end; callers add the file's name. */
class CompoundFileDamaged extends Error {
  override readonly name = 'CompoundFileDamaged'
}

/**
 * Refuses a compound file (MS-CFB, what Outlook messages are) whose chains of sectors or whose directory lead back to
 * themselves, or whose streams are larger than the file: the library that reads it would follow them for ever.
 */
export function refuseEndless(bytes: Uint8Array): void {
  const file = new CompoundFile(bytes)
  const entries = file.readDirectory()
  if (!isTree(entries)) throw new CompoundFileDamaged('its directory leads back to itself')
  const streams = entries.filter(({ type }) => type === STREAM)
  const total = streams.reduce((sum, { size }) => sum + size, 0)
  if (total > bytes.length) throw new CompoundFileDamaged('its streams are larger than the file')
  for (const { start, size } of streams) {
    const table = size < SMALL_STREAM ? file.smallTable : file.table
    if (size > 0) file.chain(start, table)
  }
}

interface Entry {
  type: number
  left: number
  right: number
  child: number
  start: number
  size: number
}

const STORAGE = 1
const STREAM = 2
const ROOT = 5
const ENTRY_BYTES = 128
const HEADER_SECTORS = 109
/** Streams below this many bytes lie in sectors of 64 bytes, which have a table of their own. */
const SMALL_STREAM = 4096
const LARGE_SECTORS_MARK = 0x0c
const END_OF_CHAIN = -2
const NOTHING = -1

/** Numbers are signed, so that the marks for nothing and for the end are below 0. */
class CompoundFile {
  /** The sectors that the table of all sectors lies in, and that of the small ones. */
  readonly table: number[]
  readonly smallTable: number[]
  readonly #view: DataView
  readonly #sectorBytes: number
  readonly #sectors: number

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#sectorBytes = this.#view.getUint8(30) === LARGE_SECTORS_MARK ? 4096 : 512
    this.#sectors = Math.ceil(bytes.length / this.#sectorBytes)
    this.table = this.#readTable()
    const [first, count] = [this.#int(60), this.#int(64)]
    if (count > this.#sectors) throw new CompoundFileDamaged('it has more tables than sectors')
    this.smallTable = count > 0 ? this.chain(first, this.table) : []
  }

  readDirectory(): Entry[] {
    const entries = this.chain(this.#int(48), this.table).flatMap((sector) => this.#readEntries(sector))
    // The small sectors lie in the root's stream.
    this.chain(entries[0]?.start ?? END_OF_CHAIN, this.table)
    return entries
  }

  /** The sectors from one to the end of its chain. */
  chain(start: number, table: readonly number[]): number[] {
    const sectors: number[] = []
    // Of small sectors eight or more lie in one.
    const most = this.#sectors * (table === this.table ? 1 : this.#sectorBytes / 64)
    for (let at = start; at !== END_OF_CHAIN; at = this.#next(at, table)) {
      if (sectors.length > most) throw new CompoundFileDamaged('a chain of sectors leads back to itself')
      sectors.push(at)
    }
    return sectors
  }

  #readTable(): number[] {
    const count = this.#int(44)
    const table = Array.from({ length: Math.max(0, Math.min(count, HEADER_SECTORS)) }, (_, n) =>
      this.#int(76 + 4 * n),
    )
    const more = this.#int(72)
    if (more > this.#sectors) throw new CompoundFileDamaged('it has more tables than sectors')
    const perSector = this.#sectorBytes / 4 - 1
    let at = this.#int(68)
    for (let index = 0; index < more && at !== NOTHING && at !== END_OF_CHAIN; index++) {
      for (let n = 0; n < perSector && table.length < count; n++)
        table.push(this.#int(this.#offset(at) + 4 * n))
      at = this.#int(this.#offset(at) + 4 * perSector)
    }
    return table
  }

  #next(sector: number, table: readonly number[]): number {
    const perSector = this.#sectorBytes / 4
    const at = table[Math.floor(sector / perSector)]
    return at === undefined ? END_OF_CHAIN : this.#int(this.#offset(at) + 4 * (sector % perSector))
  }

  #readEntries(sector: number): Entry[] {
    const starts = Array.from(
      { length: this.#sectorBytes / ENTRY_BYTES },
      (_, n) => this.#offset(sector) + n * ENTRY_BYTES,
    )
    return starts.map((at) => ({
      type: this.#view.getUint8(at + 66),
      left: this.#int(at + 68),
      right: this.#int(at + 72),
      child: this.#int(at + 76),
      start: this.#int(at + 116),
      size: this.#int(at + 120),
    }))
  }

  #offset(sector: number): number {
    return (sector + 1) * this.#sectorBytes
  }

  /** @throws RangeError outside of the file. */
  #int(offset: number): number {
    return this.#view.getInt32(offset, true)
  }
}

/** Whether each entry is reached once at most, from the root on. */
function isTree(entries: readonly Entry[]): boolean {
  const reached = new Set<number>()
  const open = [entries[0]?.child ?? NOTHING]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const entry = entries[at]
    if (at === NOTHING || !entry) continue
    if (reached.has(at)) return false
    reached.add(at)
    open.push(entry.left, entry.right)
    if (entry.type === STORAGE || entry.type === ROOT) open.push(entry.child)
  }
  return true
}
