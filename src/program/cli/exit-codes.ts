/** What a command ends with; docs/reference/cli.md lists them for people. */
export const exitCodes = {
  success: 0,
  /** A task or a file failed. */
  failure: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The ref is unknown or has expired. */
  notFound: 3,
  /** Not done yet: the work goes on, and its ref can be redeemed. */
  notDone: 4,
  cancelled: 5,
  /** Of several files some failed. */
  partial: 6,
  /** Ctrl-C: 128 and the number of the signal, as shells have it. */
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
