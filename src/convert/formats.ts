export const formats = [
  { name: 'html', extensions: ['.html', '.htm', '.xhtml'], mediaType: 'text/html' },
  {
    name: 'docx',
    extensions: ['.docx'],
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  },
  { name: 'pdf', extensions: ['.pdf'], mediaType: 'application/pdf' },
  {
    name: 'pptx',
    extensions: ['.pptx', '.ppsx', '.pptm', '.potx'],
    mediaType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  },
  {
    name: 'xlsx',
    extensions: ['.xlsx', '.xlsm', '.xltx'],
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
  { name: 'odt', extensions: ['.odt', '.ott'], mediaType: 'application/vnd.oasis.opendocument.text' },
  { name: 'ods', extensions: ['.ods', '.ots'], mediaType: 'application/vnd.oasis.opendocument.spreadsheet' },
  { name: 'odp', extensions: ['.odp', '.otp'], mediaType: 'application/vnd.oasis.opendocument.presentation' },
] as const satisfies readonly { name: string; extensions: readonly string[]; mediaType: string }[]

export type Format = (typeof formats)[number]['name']
