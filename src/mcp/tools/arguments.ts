import { z } from 'zod'

/** The argument that names a task. Longer texts are no refs, and would be echoed by the error. */
export const ref = z.string().max(100).describe('The ref that a tool answered with (rc_…)')
