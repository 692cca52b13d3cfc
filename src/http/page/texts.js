/** Whether a task has not settled yet. */
export function isLive({ status }) {
  return status === 'pending' || status === 'processing'
}

/** A span of time for people: `350 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function span(ms) {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`
  const seconds = Math.round(ms / 1_000)
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `37 %, page 45 of 123, about 8 s left`, as far as it is known. */
export function far({ percentage, message, step, etaMs } = {}) {
  const parts = [
    ...(percentage === undefined ? [] : [`${percentage} %`]),
    ...[step, message].filter((text) => text),
    ...(etaMs >= 1_000 ? [`about ${span(etaMs)} left`] : []),
  ]
  return parts.join(', ')
}

/** How long a task waited or took, at this moment. */
export function took({ status, createdAt, startedAt, settledAt }, now) {
  if (status === 'pending') return `waits for ${span(now - createdAt)}`
  if (status === 'processing') return `runs for ${span(now - (startedAt ?? createdAt))}`
  const when = new Date(settledAt).toLocaleTimeString()
  return `took ${span(settledAt - (startedAt ?? createdAt))}, ended at ${when}`
}

/** The value of a task as people read it: a text as it is, a conversion's Markdown, anything else as JSON. */
export function valueText(value) {
  if (typeof value === 'string') return value
  if (typeof value?.markdown === 'string') return value.markdown
  return JSON.stringify(value, null, 2) ?? ''
}
