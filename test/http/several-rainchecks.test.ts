import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createFor } from '../../src/create-raincheck.js'
import { createRaincheck } from '../../src/index.js'
import { bearer, requestsTo } from '../support/http.js'
import { heldFunction } from '../support/rain.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const adminToken = 'admin-0123456789abcdef'

/** Two rainchecks on one store, such as of two config files, and an app for both. */
async function both() {
  const store = `sqlite:${join(await temporaryFolder(), 'rain.db')}` as const
  const open = (app: string) => {
    const rain = createRaincheck({ store, app })
    onTestFinished(() => rain.close({ drain: 0 }))
    return rain
  }
  const [one, other] = [open('one'), open('other')]
  const held = heldFunction()
  const slow = other.cached({ name: 'slow', asyncTimeout: 0 })(held.work)
  return {
    store,
    open,
    one,
    other,
    held,
    slow,
    ...requestsTo([one, other], { functions: [slow], adminToken }),
  }
}

describe('the routes of two rainchecks', () => {
  it('retry a task in the one that has wrapped its function', async () => {
    const { held, slow, get, post } = await both()
    const { ref } = await slow({})
    held.fail(new Error('once'))
    expect((await get(`/tasks/${ref}?wait=5s`)).body.status).toBe('failed')
    const { status, body } = await post(`/tasks/${ref}/retry`)
    expect({ status, isNew: body.ref !== ref }).toEqual({ status: 202, isNew: true })
    held.letGo('done')
    expect((await get(`/tasks/${body.ref}?wait=5s`)).body).toMatchObject({ value: 'done' })
  })

  it('say so when neither has wrapped the function', async () => {
    const { open, post } = await both()
    const elsewhere = open('elsewhere')
    const { work, fail } = heldFunction()
    const { ref } = await elsewhere.cached({ name: 'gone', asyncTimeout: 0 })(work)({})
    fail(new Error('no'))
    await elsewhere.poll(ref, { wait: '5s' })
    const { status, body } = await post(`/tasks/${ref}/retry`)
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'FUNCTION_NOT_REGISTERED' })
    expect(body.detail).toContain('gone')
  })

  it('pause both, and count what waits in both', async () => {
    const { one, slow, send } = await both()
    const queue = async (method: string, path: string) =>
      (await send(method, `/queue${path}`, { headers: bearer(adminToken) })).body
    await queue('POST', '/pause')
    await one.cached({ name: 'f', asyncTimeout: 0 })(heldFunction().work)({})
    await slow({})
    expect(await queue('GET', '')).toEqual({ waiting: 2, running: 0, abandoned: 0, paused: true })
    expect(await queue('POST', '/resume')).toMatchObject({ waiting: 0, running: 2, paused: false })
  })

  it('tell that the process of a task has ended and another is to go on, while nobody knows its function', async () => {
    const { store, one, get } = await both()
    const gone = createFor('/home/me/raincheck.config.js', { store, app: 'gone' })
    const { ref } = await gone.cached({ name: 'f', asyncTimeout: 0 })(heldFunction().work)({})
    await one.recover({ endedOwner: gone.owner })
    expect((await get(`/tasks/${ref}`)).body).toMatchObject({ status: 'pending', interrupted: true })
    expect((await get('/tasks')).body.tasks).toMatchObject([{ ref, interrupted: true }])
    expect((await get(`/tasks/${ref}?format=minimal`)).body).toEqual({ ref, status: 'pending' })
    await gone.close({ drain: 0 })
  })
})
