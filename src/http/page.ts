import { readFile } from 'node:fs/promises'
import type { Hono } from 'hono'
import type { HttpEnv } from './guard.js'
import { sentPath } from './sent-path.js'

/** Where each file of the page is found, from here: its own in `page/`, and the modules of the client. */
const files = {
  'page.css': ['./page/page.css', 'text/css'],
  'dialogs.css': ['./page/dialogs.css', 'text/css'],
  'icon.svg': ['./page/icon.svg', 'image/svg+xml'],
  'main.js': ['./page/main.js', 'text/javascript'],
  'rows.js': ['./page/rows.js', 'text/javascript'],
  'row.js': ['./page/row.js', 'text/javascript'],
  'texts.js': ['./page/texts.js', 'text/javascript'],
  'keys.js': ['./page/keys.js', 'text/javascript'],
  'sign-in.js': ['./page/sign-in.js', 'text/javascript'],
  'viewer.js': ['./page/viewer.js', 'text/javascript'],
  'client.js': ['./client.js', 'text/javascript'],
  'client-events.js': ['./client-events.js', 'text/javascript'],
  'client-pause.js': ['./client-pause.js', 'text/javascript'],
  'client-request.js': ['./client-request.js', 'text/javascript'],
} as const

/** Adds the page at `/`, which anybody may load: it has no data of its own, and asks for a token where one is needed. */
export function addPage(app: Hono<HttpEnv>): void {
  app.get('/', async (c) => {
    // Its links are relative, so that it works wherever the app is mounted, also behind a proxy that takes a part of the path off.
    const path = sentPath(c)
    const folder = path.endsWith('/') ? '' : `${path.split('/').at(-1)}/`
    const html = await readFile(new URL('./page/index.html', import.meta.url), 'utf8')
    return c.html(html.replaceAll('"page/', `"${folder}page/`), 200, { 'Cache-Control': 'no-cache' })
  })
  app.get('/page/:file', async (c, next) => {
    const file = c.req.param('file')
    if (!Object.hasOwn(files, file)) return next()
    const [path, type] = files[file as keyof typeof files]
    return send(path, type)
  })
}

/** Read anew each time: the files are small, and a page is seldom loaded. */
async function send(path: string, type: string): Promise<Response> {
  return new Response(await readFile(new URL(path, import.meta.url)), {
    headers: { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-cache' },
  })
}
