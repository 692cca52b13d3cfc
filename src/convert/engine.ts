import { ConvertError } from './convert-error.js'

/** Engines are optional dependencies: one that does not load is named, with the command that installs it. */
export async function loadEngine<T>(packageName: string, path: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    const message = `${path}: converting it needs the package ${packageName}; run: npm install ${packageName}`
    throw new ConvertError('ENGINE_MISSING', message, { cause })
  }
}
