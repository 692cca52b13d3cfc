import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { AllowedDirectories } from '../../../src/program/mcp-server/allowed-directories.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** A folder that is allowed, with a document and a sub-folder, and beside it what is not. */
async function place() {
  const root = await temporaryFolder()
  const inside = join(root, 'dir')
  const outside = join(root, 'dir-evil')
  await mkdir(join(inside, 'sub'), { recursive: true })
  await mkdir(outside)
  for (const file of [join(inside, 'note.txt'), join(inside, 'sub', 'deep.txt'), join(outside, 'secret.txt')])
    await writeFile(file, 'text')
  return { root, inside, outside, allowed: await AllowedDirectories.open([inside]) }
}

const refusedAs = (reason: RegExp) => ({
  code: 'INVALID_INPUT',
  message: expect.stringMatching(reason) as string,
})

test('paths inside are resolved, relative ones from the first folder', async () => {
  const { root, inside } = await place()
  await mkdir(join(root, 'second'))
  await writeFile(join(root, 'second', 'other.txt'), 'text')
  const allowed = await AllowedDirectories.open([inside, join(root, 'second')])
  expect(allowed.directories).toEqual([inside, join(root, 'second')])
  expect(await allowed.existing('note.txt')).toBe(join(inside, 'note.txt'))
  expect(await allowed.existing('./sub/../sub/deep.txt')).toBe(join(inside, 'sub', 'deep.txt'))
  expect(await allowed.existing(join(root, 'second', 'other.txt'))).toBe(join(root, 'second', 'other.txt'))
  expect(await allowed.existing('../second/other.txt')).toBe(join(root, 'second', 'other.txt'))
  expect(await allowed.existing('.')).toBe(inside)
})

test('without a folder, with one that does not exist, and with a file it does not start', async () => {
  const { inside } = await place()
  await expect(AllowedDirectories.open([])).rejects.toThrow(/such as: raincheck mcp ~\/Documents/)
  const gone = join(inside, 'gone')
  await expect(AllowedDirectories.open([inside, gone])).rejects.toThrow(`the folder ${gone} does not exist`)
  await expect(AllowedDirectories.open([join(inside, 'note.txt')])).rejects.toThrow('is not a folder')
})

test('all folders are named to who leads outside of them', async () => {
  const { root, inside } = await place()
  const second = join(root, 'second')
  await mkdir(second)
  const allowed = await AllowedDirectories.open([inside, second])
  await expect(allowed.existing('/etc/passwd')).rejects.toMatchObject(
    refusedAs(
      new RegExp(`leads outside of the allowed directories ${inside}, ${second}; name a path inside$`),
    ),
  )
})

test('the root of the file system may be allowed, and holds everything', async () => {
  const { inside } = await place()
  const allowed = await AllowedDirectories.open(['/'])
  expect(await allowed.existing(join(inside, 'note.txt'))).toBe(join(inside, 'note.txt'))
  expect(await allowed.existing(join('..', inside, 'note.txt'))).toBe(join(inside, 'note.txt'))
  expect(allowed.includes('/')).toBe(true)
})

test.each([
  ['a parent', '../dir-evil/secret.txt'],
  ['parents enough to reach the root', `${'../../'.repeat(40)}etc/passwd`],
  ['parents after a folder', 'sub/../../dir-evil/secret.txt'],
  ['an absolute path', '/etc/passwd'],
  ['the folder above', '..'],
])('%s leads outside and is refused', async (_, path) => {
  const { allowed } = await place()
  await expect(allowed.existing(path)).rejects.toMatchObject(
    refusedAs(/leads outside of the allowed directory/),
  )
  await expect(allowed.forNewFile(path)).rejects.toMatchObject(
    refusedAs(/leads outside of the allowed directory/),
  )
})

test('a folder whose name only begins like an allowed one is outside', async () => {
  const { allowed, outside } = await place()
  await expect(allowed.existing(join(outside, 'secret.txt'))).rejects.toMatchObject(
    refusedAs(/leads outside/),
  )
  await expect(allowed.existing(outside)).rejects.toMatchObject(refusedAs(/leads outside/))
})

test.each([
  ['empty text', '', /is empty/],
  ['blanks', '  ', /is empty/],
  ['NUL', 'note.txt\0.pdf', /has a NUL character/],
  ['a URL', 'http://localhost/note.txt', /is a URL/],
  ['a URL of a file', 'file:///etc/passwd', /is a URL/],
  ['a URL of a file without slashes', 'file:note.txt', /is a URL/],
  ['data in a URL', 'data:text/plain,hello', /is a URL/],
  ['a drive of Windows', 'C:\\Users\\note.txt', /is a path of Windows/],
  ['a share of Windows', '\\\\server\\share\\note.txt', /is a path of Windows/],
  ['an over-long path', 'a/'.repeat(10_000), /longer than a path can be/],
  ['an over-long name', `${'a'.repeat(300)}.txt`, /longer than a name can be/],
])('%s is refused with a message that says why', async (_, path, reason) => {
  const { allowed } = await place()
  await expect(allowed.existing(path)).rejects.toMatchObject(refusedAs(reason))
  await expect(allowed.forNewFile(path)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
})

test('symbolic links out are refused: a file, a folder, a parent, one behind another', async () => {
  const { allowed, inside, outside } = await place()
  await symlink(join(outside, 'secret.txt'), join(inside, 'file-link.txt'))
  await symlink(outside, join(inside, 'folder-link'))
  await symlink(join(inside, 'folder-link'), join(inside, 'sub', 'second-link'))
  const paths = ['file-link.txt', 'folder-link', 'folder-link/secret.txt', 'sub/second-link/secret.txt']
  for (const path of paths)
    await expect(allowed.existing(path), path).rejects.toMatchObject(refusedAs(/by a symbolic link/))
  for (const path of ['folder-link/new.md', 'sub/second-link/new.md'])
    await expect(allowed.forNewFile(path), path).rejects.toMatchObject(refusedAs(/by a symbolic link/))
})

test('what lies behind a link out cannot be told from what does not', async () => {
  const { allowed, inside, outside } = await place()
  await symlink(outside, join(inside, 'link'))
  const messages = ['secret.txt', 'not-there.txt'].map((name) =>
    allowed.existing(`link/${name}`).catch((error: Error) => error.message.replace(name, 'it')),
  )
  const [there, notThere] = await Promise.all(messages)
  expect(there).toBe(notThere)
})

test('links that stay inside are followed, those in a circle or to nothing are refused', async () => {
  const { allowed, inside } = await place()
  await symlink(join(inside, 'sub', 'deep.txt'), join(inside, 'good-link.txt'))
  await symlink('circle', join(inside, 'circle'))
  await symlink(join(inside, 'gone'), join(inside, 'broken'))
  expect(await allowed.existing('good-link.txt')).toBe(join(inside, 'sub', 'deep.txt'))
  await expect(allowed.existing('circle')).rejects.toMatchObject(refusedAs(/link in a circle/))
  await expect(allowed.existing('broken')).rejects.toMatchObject(refusedAs(/or nowhere/))
})

test('an allowed folder may be named by a link, and is reached by both names', async () => {
  const { root, inside } = await place()
  await symlink(inside, join(root, 'alias'))
  const allowed = await AllowedDirectories.open([join(root, 'alias')])
  expect(allowed.directories).toEqual([inside])
  expect(await allowed.existing(join(root, 'alias', 'note.txt'))).toBe(join(inside, 'note.txt'))
  expect(await allowed.existing(join(inside, 'note.txt'))).toBe(join(inside, 'note.txt'))
})

test.skipIf(process.platform !== 'linux')('names of another case are other names', async () => {
  const { allowed, inside } = await place()
  await expect(allowed.existing(join(inside.toUpperCase(), 'note.txt'))).rejects.toMatchObject(
    refusedAs(/leads outside/),
  )
  await expect(allowed.existing('NOTE.TXT')).rejects.toMatchObject(refusedAs(/does not exist/))
})

test('a new file gets the real path of its folder, and is refused where something is already', async () => {
  const { allowed, inside, outside } = await place()
  await symlink(join(inside, 'sub'), join(inside, 'alias'))
  await symlink(join(outside, 'new.md'), join(inside, 'dangling.md'))
  expect(await allowed.forNewFile('alias/new.md')).toBe(join(inside, 'sub', 'new.md'))
  await expect(allowed.forNewFile('note.txt')).rejects.toMatchObject(refusedAs(/exists already/))
  await expect(allowed.forNewFile('dangling.md')).rejects.toMatchObject(refusedAs(/exists already/))
  await expect(allowed.forNewFile('gone/new.md')).rejects.toMatchObject(
    refusedAs(/folder that does not exist/),
  )
  await expect(allowed.forNewFile('note.txt/new.md')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  for (const folder of ['.', 'new/', inside])
    await expect(allowed.forNewFile(folder), folder).rejects.toMatchObject(refusedAs(/is a folder/))
})

test('no generated path leads outside', async () => {
  const { allowed, inside, outside } = await place()
  await symlink(outside, join(inside, 'out'))
  await symlink('/', join(inside, 'root'))
  const piece = fc.oneof(
    fc.constantFrom('..', '.', '', 'sub', 'out', 'root', 'etc', 'passwd', 'secret.txt', 'note.txt', inside),
    fc.constantFrom('dir-evil', '~', 'C:', '%2e%2e', '..\\', '\0', '\u202e', 'NOTE.TXT'),
    fc.string({ maxLength: 12 }),
  )
  const path = fc.tuple(fc.constantFrom('', '/', '//', './', `${inside}/`), fc.array(piece, { maxLength: 8 }))
  await fc.assert(
    fc.asyncProperty(path, async ([start, pieces]) => {
      for (const resolve of [allowed.existing.bind(allowed), allowed.forNewFile.bind(allowed)]) {
        const found = await resolve(start + pieces.join('/')).catch((error: { code?: string }) => {
          expect(error.code).toBe('INVALID_INPUT')
          return undefined
        })
        if (found !== undefined) expect(found === inside || found.startsWith(`${inside}/`)).toBe(true)
      }
    }),
    { seed: 6, numRuns: 1_000 },
  )
})
