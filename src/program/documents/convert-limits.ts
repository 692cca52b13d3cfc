import { wrongOption } from '../../core/words/check-option.js'
import { expectedMemory, expectedTimeout, parseMemory, parseTimeout } from './limit-values.js'

/** What the conversion of one document may take. */
export interface ConvertLimits {
  /** From its start to its end, in milliseconds. */
  timeout: number
  /** All memory of the process that converts it, in MB. */
  memory: number
}

/** Longer than the largest documents take by far, in milliseconds. */
const TIMEOUT = 600_000

/** In MB: a document that needs more is refused instead of taking the machine down. */
const MEMORY = 1_024

/**
 * The limits of the environment: `RAINCHECK_CONVERT_TIMEOUT`, a time such as `10m` (the default), and `RAINCHECK_CONVERT_MEMORY`,
 * in MB (1024). They hold wherever documents are converted.
 * @throws RaincheckError `INVALID_OPTION`, naming the variable.
 */
export function convertLimits(environment: NodeJS.ProcessEnv = process.env): ConvertLimits {
  const read = <T>(
    name: string,
    parse: (text: string) => T | undefined,
    expected: string,
    fallback: T,
  ): T => {
    const text = environment[name]
    if (text === undefined || text === '') return fallback
    const value = parse(text)
    if (value !== undefined) return value
    throw wrongOption(`${name} must be ${expected}, got '${text}'`)
  }
  return {
    timeout: read('RAINCHECK_CONVERT_TIMEOUT', parseTimeout, expectedTimeout, TIMEOUT),
    memory: read('RAINCHECK_CONVERT_MEMORY', parseMemory, expectedMemory, MEMORY),
  }
}
