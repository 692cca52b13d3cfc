import { onTestFinished, vi } from 'vitest'
import { isLong } from './long.js'

const QUICK = isLong ? 1 : 25

/**
 * Timers and clock of this process that a test can make quick, for as long as it waits for nothing but them: what
 * another process does takes its own time. In the long form they never are.
 */
export function quickTime(): { quicken(): void; slacken(): void } {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  let speed = 1
  let last = performance.now()
  const clock = setInterval(() => {
    const passed = performance.now() - last
    last += passed
    vi.advanceTimersByTime(passed * speed)
  }, 5)
  onTestFinished(() => {
    clearInterval(clock)
    vi.useRealTimers()
  })
  return {
    quicken: () => {
      speed = QUICK
    },
    slacken: () => {
      speed = 1
    },
  }
}
