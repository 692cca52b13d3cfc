import type { ConvertContext } from './convert-context.js'
import { damaged } from './convert-error.js'
import { headingStyles } from './docx-styles.js'
import { loadEngine } from './engine.js'
import { htmlToMarkdown } from './html.js'

export async function convertDocx(path: string, context: ConvertContext): Promise<string> {
  const { default: mammoth } = await loadEngine('mammoth', path, () => import('mammoth'))
  const html = await toHtml(mammoth, path)
  context.signal?.throwIfAborted()
  return htmlToMarkdown(html, path)
}

type Mammoth = typeof import('mammoth')

async function toHtml(mammoth: Mammoth, path: string): Promise<string> {
  try {
    const options = {
      styleMap: [...(await headingStyles(path)), ...styleMap],
      // The pictures themselves stay behind: Markdown keeps their place and their alternative text.
      convertImage: mammoth.images.imgElement(async () => ({ src: 'image' })),
    }
    return (await mammoth.convertToHtml({ path }, options)).value
  } catch (cause) {
    throw damaged(path, 'Word document', cause)
  }
}

const styleMap = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Quote'] => blockquote > p:fresh",
  "p[style-name='Intense Quote'] => blockquote > p:fresh",
]
