export const formats = [
  { name: 'html', extensions: ['.html', '.htm', '.xhtml'], mediaType: 'text/html' },
  {
    name: 'docx',
    extensions: ['.docx'],
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  },
  { name: 'pdf', extensions: ['.pdf'], mediaType: 'application/pdf' },
] as const satisfies readonly { name: string; extensions: readonly string[]; mediaType: string }[]

export type Format = (typeof formats)[number]['name']
