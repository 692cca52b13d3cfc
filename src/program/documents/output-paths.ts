import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import type { FoundDocument } from './collect-documents.js'

/** A document, and the folder that its Markdown is to be written to. */
export interface Placed {
  source: string
  folder: string
}

/** A document, and the file that its Markdown goes to. */
export interface FileJob {
  source: string
  output: string
}

/**
 * The file for the Markdown of each document: `report.md`, or `report.docx.md` and `report.pdf.md` where several documents
 * of a folder differ by their extension alone.
 */
export function outputPaths(documents: readonly Placed[]): FileJob[] {
  const jobs = documents.map(({ source, folder }) => ({
    source,
    output: resolve(folder, `${basename(source, extname(source))}.md`),
  }))
  const shared = new Set(collisions(jobs).map(([output]) => output))
  return jobs.map(({ source, output }) => ({
    source,
    output: shared.has(output) ? resolve(dirname(output), `${basename(source)}.md`) : output,
  }))
}

/** Outputs that more than one document would be written to, each with these documents. */
export function collisions(jobs: readonly FileJob[]): [string, string[]][] {
  const byOutput = new Map<string, string[]>()
  for (const { source, output } of jobs) byOutput.set(output, [...(byOutput.get(output) ?? []), source])
  return [...byOutput].filter(([, sources]) => sources.length > 1)
}

/** Where the Markdown of a document goes: beside it, or at the same place under the output folder. */
export function outputFolder({ source, root }: FoundDocument, output: string | undefined): string {
  return output === undefined ? dirname(source) : join(resolve(output), relative(root, dirname(source)))
}
