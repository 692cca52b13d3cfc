// The page is plain files, which tsc passes over.
import { cpSync } from 'node:fs'

cpSync(new URL('../src/http/page', import.meta.url), new URL('../dist/http/page', import.meta.url), {
  recursive: true,
})
