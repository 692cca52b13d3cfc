import type { Format } from '../formats.js'

/** Which format the beginning of a text is in: by what it begins with, else by the extension, if that can be true. */
export function identifyText(head: string, extension: string, named: Format | undefined): Format | undefined {
  if (HTML_DOCUMENT.test(head)) return 'html'
  if (FEED.test(head)) return 'feed'
  if ((named === 'json' || !named) && NOTEBOOK.test(head)) return 'ipynb'
  if (named) return claims[named]?.test(head) ? named : undefined
  if (/^\s*<\?xml\b/.test(head)) return 'xml'
  if (MAIL.test(head) && MAIL_ONLY.test(head)) return 'eml'
  if (extension !== '') return undefined
  return JSON_START.test(head) ? 'json' : 'text'
}

const PROLOGUE = String.raw`^\s*(?:<\?xml[^>]*>\s*|<\?[^>]*\?>\s*|<!--(?:(?!-->)[\s\S])*-->\s*)*`
const HTML_DOCUMENT = new RegExp(String.raw`${PROLOGUE}<(?:!doctype\s+html|html|head|body)\b`, 'i')
const FEED = new RegExp(
  String.raw`${PROLOGUE}(?:<!doctype[^[>]*(?:\[[^\]]*\]\s*)?>\s*)?<(?:rss|feed|rdf:RDF)\b`,
  'i',
)
const NOTEBOOK = /^\s*\{[\s\S]*"cell_type"\s*:/
const PLAIN = String.raw`(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null)\s*`
// Text begins in brackets, too: [3] is a reference, [2024-03-05 10:00] the time in a log, [ ] is to be done.
const JSON_START = new RegExp(
  String.raw`^\s*(?:\{\s*["}]|(?:\[\s*)+(?:["{]|${PLAIN},|(?:${PLAIN})?\](?=\s*(?:[,\]]|$))))`,
  'i',
)
const HTML_TAG =
  /<(?:h[1-6]|p|div|span|a|b|i|em|strong|br|hr|img|ul|ol|li|dl|table|tr|td|pre|code|blockquote|article|section|main|header|title|meta|style|script|html|head|body|font|center)\b[^<>]*>/i
const MAIL = /^(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+/
const MAIL_ONLY = /^(?:received|mime-version|message-id|return-path):/im

const anything = /^/

// What the beginning of a file has to look like for its extension to be believed.
const claims: Partial<Record<Format, RegExp>> = {
  html: HTML_TAG,
  xml: /^\s*</,
  json: /^\s*(?:[{["\d-]|true|false|null)/,
  jsonl: /^\s*(?:[{["\d-]|true|false|null)/,
  ipynb: /^\s*\{/,
  eml: /^(?:From [^\n]*\n)?[!-9;-~]+:/,
  csv: anything,
  tsv: anything,
  yaml: anything,
  markdown: anything,
  text: anything,
}
