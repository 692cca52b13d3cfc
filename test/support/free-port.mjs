import { createServer } from 'node:net'

/** A port of this machine that nobody listens on, for a server that cannot say which it took. */
export async function freePort() {
  const probe = createServer()
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return port
}
