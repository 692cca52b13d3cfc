/** Whether the long form of the slow tests is wanted: `npm run test:long` sets RAINCHECK_LONG=1. */
export const isLong = process.env.RAINCHECK_LONG === '1'

/** How often something is done in the long form, and in the short one, which asserts the same. */
export const times = (inLong: number, inShort: number): number => (isLong ? inLong : inShort)
