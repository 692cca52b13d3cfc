import type { Ref } from '../../../index.js'
import { describeAnswer, facts } from '../describe-answer.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { print } from '../print.js'
import { withStore } from '../store.js'

/** `raincheck answer <ref> '<json>'`: answers what a task asks; the worker goes on with it. */
export async function answer(ref: string, json: string, options: { json?: boolean }): Promise<ExitCode> {
  const answers = parseAnswers(json)
  const told = await withStore((rain) => rain.answer(ref as Ref, answers))
  print(facts(told), describeAnswer(told), options)
  return exitCodes.success
}

function parseAnswers(json: string): Record<string, unknown> {
  const expected = `the answers must be a JSON object by their keys, such as '{"colour":"red"}', not ${json}`
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch (cause) {
    throw new Error(expected, { cause })
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error(expected)
  return parsed as Record<string, unknown>
}
