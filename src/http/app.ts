import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { secureHeaders } from 'hono/secure-headers'
import type { Raincheck } from '../index.js'
import { queueStats } from '../many/queue-stats.js'
import { EventHub } from './event-hub.js'
import { checkAdmin, checkSource, checkToken, type HttpEnv } from './guard.js'
import { openApi } from './openapi.js'
import { type HttpOptions, type HttpSettings, resolveHttpOptions } from './options.js'
import { addPage } from './page.js'
import { faultResponse, ProblemError, problemErrorOf, problemResponse } from './problem.js'
import { taskRoutes } from './tasks.js'

/** A Hono app. What is added to it is under the same checks, and finds the scope by `c.get('scope')`. */
export type HttpApp = Hono<HttpEnv>

/**
 * Makes the HTTP interface of a raincheck, to be served or mounted anywhere: `serve({ fetch: app.fetch })`, or
 * `other.route('/tasks-of-mine', app)`.
 * @param rain The raincheck of the functions; or several, which must be on one store that processes share.
 * @throws RaincheckError `INVALID_OPTION`, naming the option.
 */
export function createHttpApp(rain: Raincheck | readonly Raincheck[], options: HttpOptions): HttpApp {
  const settings = resolveHttpOptions(rain, options)
  const app = new Hono<HttpEnv>()
  app.onError((error) => {
    const known = problemErrorOf(error)
    if (known) return problemResponse(known)
    settings.onError(error)
    return faultResponse()
  })
  app.notFound(() =>
    problemResponse(new ProblemError(404, 'NO_ROUTE', 'there is nothing here; see /openapi.json')),
  )
  addChecks(app, settings)
  app.get('/healthz', async (c) => {
    await settings.rains[0].list({ limit: 1 })
    return c.json({ status: 'ok' })
  })
  addPage(app)
  addQueue(app, settings)
  app.use(checkToken(settings))
  const hub = new EventHub(settings)
  app.route(
    '/tasks',
    taskRoutes(settings, (scope, ref) => hub.removed(scope, ref)),
  )
  app.get('/events', (c) => {
    const stream = hub.open(c.get('scope'), c.req.header('last-event-id'))
    return c.body(stream, 200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  })
  app.get('/openapi.json', (c) => c.json(openApi(settings)))
  return app
}

function addChecks(app: HttpApp, settings: HttpSettings): void {
  const { origins, maxBodyBytes } = settings
  app.use(secureHeaders({ contentSecurityPolicy, xFrameOptions: 'DENY', strictTransportSecurity: false }))
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (_, methods) => {
        const headers = { Allow: methods.join(', ') }
        const detail = `this takes ${headers.Allow} only`
        return problemResponse(new ProblemError(405, 'METHOD_NOT_ALLOWED', detail, { headers }))
      },
    }),
  )
  app.use(checkSource(settings))
  if (origins.size > 0)
    app.use(cors({ origin: [...origins], allowHeaders, exposeHeaders: ['Location', 'Retry-After'] }))
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new ProblemError(413, 'BODY_TOO_LARGE', `the body is larger than ${maxBodyBytes} bytes`)
      },
    }),
  )
}

const allowHeaders = ['Authorization', 'Content-Type', 'Last-Event-ID']

/** Whatever the page shows comes from this server; nothing runs that is not one of its files. */
const contentSecurityPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  connectSrc: ["'self'"],
  imgSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
}

function addQueue(app: HttpApp, settings: HttpSettings): void {
  const queues = settings.rains.map(({ queue }) => queue)
  const admin = checkAdmin(settings)
  app.get('/queue', admin, (c) => c.json(queueStats(queues)))
  for (const action of ['pause', 'resume'] as const)
    app.post(`/queue/${action}`, admin, (c) => {
      for (const queue of queues) queue[action]()
      return c.json(queueStats(queues))
    })
}
