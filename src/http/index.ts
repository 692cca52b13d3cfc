export { createHttpApp, type HttpApp } from './app.js'
export type { HttpFunction, HttpOptions } from './options.js'
export type { Problem } from './problem.js'
