// The thread of a process in which Node's own SQLite works, for all files of that process.
import { parentPort } from 'node:worker_threads'
import { messageOf } from '../../core/words/errors.js'
import type { Row } from './connection.js'
import { NodeConnection } from './node-connection.js'
import type { Reply, Request, Todo } from './thread-messages.js'

const files = new Map<number, NodeConnection>()
let replies: Reply[] = []

parentPort?.on('message', (requests: readonly Request[]) => {
  for (const [id, file, todo] of requests)
    perform(file, todo).then(
      (rows) => reply([id, rows]),
      (error) => reply([id, undefined, messageOf(error)]),
    )
})

async function perform(file: number, todo: Todo): Promise<Row[][]> {
  if (todo === 'close') {
    await files.get(file)?.close()
    files.delete(file)
    return []
  }
  if (!('open' in todo)) return (files.get(file) as NodeConnection).run(todo)
  files.set(file, new NodeConnection(todo.open))
  return []
}

/** Those of one turn of the loop go together: a message costs more than what it says. */
function reply(one: Reply): void {
  if (replies.push(one) === 1) process.nextTick(send)
}

function send(): void {
  parentPort?.postMessage(replies)
  replies = []
}
