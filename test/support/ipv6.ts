import { networkInterfaces } from 'node:os'

/** Whether this machine has it, on its loopback at least. */
export const hasIPv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ family }) => family === 'IPv6'),
)
