import type { TaskStore } from './words/task-store.js'
import { withinDeadline } from './words/timers.js'

/** Gives each operation of a task store the deadline of a store call; one that never waits is left as it is. */
export function withDeadlines(tasks: TaskStore): TaskStore {
  if (tasks.immediate) return tasks
  return {
    shared: tasks.shared,
    keepsValues: tasks.keepsValues,
    start: (record, options) => withinDeadline('record a task', tasks.start(record, options)),
    update: (ref, term, patch) => withinDeadline('update a task', tasks.update(ref, term, patch)),
    settle: (ref, term, settlement, text) =>
      withinDeadline('settle a task', tasks.settle(ref, term, settlement, text)),
    revoke: (ref, term, settlement) => withinDeadline('cancel a task', tasks.revoke(ref, term, settlement)),
    interrupt: (ref, term, settlement) =>
      withinDeadline('settle an interrupted task', tasks.interrupt(ref, term, settlement)),
    leave: (ref, term) => withinDeadline('leave a task', tasks.leave(ref, term)),
    ask: (ref, term, asked) => withinDeadline('store what a task asks', tasks.ask(ref, term, asked)),
    answer: (ref, from, to) => withinDeadline('store an answer', tasks.answer(ref, from, to)),
    unheld: () => withinDeadline('look for tasks that nobody runs', tasks.unheld()),
    takeOver: (ref, term, owner) => withinDeadline('take a task over', tasks.takeOver(ref, term, owner)),
    revoked: (owner) => withinDeadline('look for cancelled tasks', tasks.revoked(owner)),
    get: (ref) => withinDeadline('read a task', tasks.get(ref)),
    latest: (key) => withinDeadline('read the last value', tasks.latest(key)),
    list: (filter) => withinDeadline('list tasks', tasks.list(filter)),
    remove: (ref) => withinDeadline('remove a task', tasks.remove(ref)),
    renew: (owner, ms) => withinDeadline('renew the lease', tasks.renew(owner, ms)),
    release: (owner) => withinDeadline('end the lease', tasks.release(owner)),
    sweep: (limits) => withinDeadline('remove tasks', tasks.sweep(limits)),
  }
}
