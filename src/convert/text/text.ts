import { readFile } from 'node:fs/promises'
import type { Converter } from '../convert-context.js'
import { codeBlock } from '../markdown/code.js'
import { decodeText } from './encoding.js'
import { readPlainText } from './plain-text.js'

/** Text is Markdown as it is. */
export const convertText: Converter = (path) => readPlainText(path)

/** Nothing is known of what the elements mean, so it stays as it was written, its entities included. */
export const convertXml: Converter = async (path) => codeBlock(decodeText(await readFile(path)), 'xml')

export const convertYaml: Converter = async (path) => codeBlock(await readPlainText(path), 'yaml')
