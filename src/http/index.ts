/**
 * REST, events and a page. Begin with `createHttpApp`.
 * @module raincheck/http
 */
export { createHttpApp, type HttpApp } from './app.js'
export type { HttpFunction, HttpOptions } from './options.js'
export type { Problem } from './problem.js'
