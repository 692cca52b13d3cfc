import { invalid } from './check-option.js'
import { isRef, type Ref } from './ref.js'
import type { ListFilter } from './task-store.js'

/** The cursor that goes on after a task. Lists are ordered by time, so it holds for those of every raincheck. */
export function cursorAfter({ createdAt, ref }: { createdAt: number; ref: Ref }): string {
  return `${createdAt}.${ref}`
}

/** @throws RaincheckError `INVALID_OPTION` for what no list gave. */
export function parseCursor(cursor: string): NonNullable<ListFilter['after']> {
  const [createdAt = '', ref] = String(cursor).split('.')
  if (!/^\d+$/.test(createdAt) || !isRef(ref)) throw invalid('cursor', 'one that a list gave', cursor)
  return { createdAt: Number(createdAt), ref }
}
