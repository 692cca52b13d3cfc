import { z } from 'zod'
import type { Cached, OpenedConfig } from '../../index.js'
import type { WrappedFunction } from '../../mcp/index.js'

/** The functions of a config file as tools take them. One that declares no input takes any arguments, unchecked. */
export function configFunctions({ functions }: OpenedConfig): WrappedFunction[] {
  return [...functions.values()].map((wrapped) =>
    wrapped.input === undefined ? withAnyInput(wrapped) : wrapped,
  )
}

function withAnyInput(wrapped: Cached<unknown, unknown>): WrappedFunction {
  const call: Cached<unknown, unknown> = Object.assign(wrapped.bind(undefined), wrapped)
  Object.defineProperty(call, 'name', { value: wrapped.name })
  return Object.assign(call, { options: { ...wrapped.options, input: z.looseObject({}) } })
}
