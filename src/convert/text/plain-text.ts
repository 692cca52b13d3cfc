import { readFile } from 'node:fs/promises'
import { loadEngine } from '../engine.js'
import { guessEastAsian } from './charset-guess.js'
import { certainEncoding, decodeAs } from './encoding.js'

/** A text that declares no charset: by its byte order mark, as UTF-8, or by what its bytes look like. */
export async function readPlainText(path: string): Promise<string> {
  return decodePlainText(await readFile(path), path)
}

async function decodePlainText(bytes: Uint8Array, path: string): Promise<string> {
  const label = certainEncoding(bytes) ?? guessEastAsian(bytes) ?? (await guessAlphabet(bytes, path))
  return decodeAs(label, bytes)
}

const SAMPLE_BYTES = 64 * 1024

// The charsets of one byte a letter tell themselves apart by the frequency of letters only.
async function guessAlphabet(bytes: Uint8Array, path: string): Promise<string> {
  const { analyse } = await loadEngine('chardet', path, () => import('chardet'))
  const guesses = analyse(bytes.subarray(0, SAMPLE_BYTES))
  const alphabet = guesses.find(({ name }) => /^(?:windows-125\d|ISO-8859-\d+|KOI8-R)$/.test(name))
  // ISO 8859-1, -2 and -9 come out alike for a short text; a browser takes what is not declared for the first.
  if (!alphabet || alphabet.confidence < SURE) return 'windows-1252'
  return guesses.some(({ name, confidence }) => confidence === alphabet.confidence && WESTERN.test(name))
    ? 'windows-1252'
    : alphabet.name
}

const SURE = 15
const WESTERN = /^(?:windows-1252|ISO-8859-1)$/
