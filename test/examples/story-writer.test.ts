import { expect, it } from 'vitest'
import { EXAMPLE_TEST_MS, runExample } from './run-example.js'

it(
  'the story writer refuses, asks, is killed and goes on without drafting twice, retries and is cancelled',
  async () => {
    const lines = await runExample('story-writer.mjs')
    const first = lines
      .find((line) => line.includes('asked for the story'))
      ?.match(/process (\d+) .* (rc_\w{22})$/)
    const [, killed, ref] = first ?? []
    const second = lines.find((line) => line.includes('goes on with'))?.match(/process (\d+) .* (rc_\w{22})$/)
    const [, other, sameRef] = second ?? []
    expect(sameRef).toBe(ref)
    expect(other).not.toBe(killed)

    expect(lines[0]).toMatch(/^refused: .*the outline has no chapters: .*; the folder .*nowhere is not there/)
    expect(lines).toContain('Shall "The Lighthouse" go like this?')
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}\d+ %, \d+\.\d s left: chapter 2 of 5, The Crossing$/),
    )
    expect(lines).toContain(`process ${killed} was ended by SIGKILL`)
    expect(lines).toContain('  attempt 1 failed: the pencil broke')
    expect(lines.filter((line) => line.includes('drafted by'))).toEqual([
      `  The Letter: drafted by process ${killed}`,
      `  The Crossing: drafted by process ${killed}`,
      `  The Stairs: drafted by process ${other}`,
      `  The Lamp: drafted by process ${other}`,
      `  The Morning: drafted by process ${other}`,
    ])
    expect(lines.at(-1)).toMatch(
      /^"The Harbour": the cancel was (requested|cancelled), the task is cancelled$/,
    )
  },
  EXAMPLE_TEST_MS,
)
