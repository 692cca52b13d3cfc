import { toJson } from '../core/values/to-json.js'
import type { CompleteAnswer } from '../index.js'
import { answerFields, type Telling } from './answer-fields.js'
import type { ToolResult } from './host.js'
import { PAGE_LENGTH, type Page, pageOf } from './pages.js'
import { isToolResult, ownResult, textResult } from './results.js'

type Fields = Record<string, unknown>

/**
 * How a value reads, where it does not read as JSON.
 * @inline
 */
export type ValueText = (value: unknown) => string | undefined

/**
 * The result of a call that is answered with its value: the plain value, where it is short, current and no more is asked
 * for. With fields about it otherwise.
 */
export function quickResult(
  answer: CompleteAnswer<unknown>,
  telling: Telling,
  how: { untrusted: boolean; isPublished: boolean; text: ValueText | undefined },
): ToolResult {
  const { value, stale } = answer
  const { untrusted, isPublished } = how
  const isObject = typeof value === 'object'
  if (isObject && !isPublished && isToolResult(value)) return ownResult(value, untrusted)
  const text = textOf(value, how.text)
  if (text.length > PAGE_LENGTH) {
    const page = pageOf(text, 0, PAGE_LENGTH)
    const fields = { ...answerFields(answer, telling), ...(stale ? stalePage(page) : pageFields(page)) }
    return textResult(page.text, fields, untrusted, { ...fields, pageText: page.text })
  }
  const fields = stale || telling.format === 'full' ? quickFields(answer, telling) : {}
  if (isObject) {
    const json = how.text ? toJson(value) : text
    // What the function calls one of ours, without having published it, is the value's.
    if (json.startsWith('{'))
      return textResult(text, fields, untrusted, { ...fields, ...(JSON.parse(json) as Fields) })
  }
  const isPlain = Object.keys(fields).length === 0
  return textResult(text, fields, untrusted, isPlain ? undefined : { ...fields, pageText: text })
}

/** A value as text: a text is that already, bytes and all else are written as JSON, unless they read in another way. */
export function textOf(value: unknown, text: ValueText | undefined): string {
  return typeof value === 'string' ? value : (text?.(value) ?? toJson(value))
}

/** Where the page is in the text, and how to come to the next. */
export function pageFields({ nextOffset, total }: Page): Fields {
  if (nextOffset === undefined) return { total }
  const nextStep = `The result goes on. Call get_task_result with this ref and offset ${nextOffset} for the next page.`
  return { nextOffset, total, nextStep }
}

function quickFields(answer: CompleteAnswer<unknown>, telling: Telling): Fields {
  const fields = answerFields(answer, telling)
  if (!answer.stale) return fields
  return { ...fields, nextStep: `This is an older value, while a new one is made. ${NEW_VALUE}` }
}

/** The ref is that of the new value: the next page by it would be of another text. */
function stalePage({ total }: Page): Fields {
  return { total, nextStep: `This is the beginning of an older value, while a new one is made. ${NEW_VALUE}` }
}

const NEW_VALUE = 'Call get_task_result with this ref for the new one.'
