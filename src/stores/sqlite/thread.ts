// The thread of a process in which Node's own SQLite works, for all files of that process.
import { parentPort } from 'node:worker_threads'
import { messageOf } from '../../core/words/errors.js'
import type { Row } from './connection.js'
import { NodeConnection } from './node-connection.js'
import type { Reply, Request } from './thread-messages.js'

const files = new Map<number, NodeConnection>()
let replies: Reply[] = []

parentPort?.on('message', (requests: readonly Request[]) => {
  for (const request of requests)
    perform(request).then(
      (rows) => reply([request.id, rows]),
      (error) => reply([request.id, undefined, messageOf(error)]),
    )
})

async function perform({ file, todo }: Request): Promise<Row[][]> {
  if (todo === 'close') {
    await files.get(file)?.close()
    files.delete(file)
    return []
  }
  if ('open' in todo) files.set(file, new NodeConnection(todo.open))
  return 'run' in todo ? (files.get(file) as NodeConnection).run(todo.run) : []
}

/** Those of one turn of the loop go together: a message costs more than what it says. */
function reply(one: Reply): void {
  if (replies.push(one) === 1) process.nextTick(send)
}

function send(): void {
  parentPort?.postMessage(replies)
  replies = []
}
