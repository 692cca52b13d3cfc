/** What can be converted: of each format its name, the extensions of such files, and its media type. */
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
  { name: 'epub', extensions: ['.epub'], mediaType: 'application/epub+zip' },
  { name: 'rtf', extensions: ['.rtf'], mediaType: 'application/rtf' },
  { name: 'csv', extensions: ['.csv'], mediaType: 'text/csv' },
  { name: 'tsv', extensions: ['.tsv', '.tab'], mediaType: 'text/tab-separated-values' },
  { name: 'json', extensions: ['.json'], mediaType: 'application/json' },
  { name: 'jsonl', extensions: ['.jsonl', '.ndjson'], mediaType: 'application/x-ndjson' },
  { name: 'yaml', extensions: ['.yaml', '.yml'], mediaType: 'application/yaml' },
  { name: 'xml', extensions: ['.xml'], mediaType: 'application/xml' },
  { name: 'feed', extensions: ['.rss', '.atom'], mediaType: 'application/rss+xml' },
  { name: 'ipynb', extensions: ['.ipynb'], mediaType: 'application/x-ipynb+json' },
  { name: 'eml', extensions: ['.eml'], mediaType: 'message/rfc822' },
  { name: 'msg', extensions: ['.msg'], mediaType: 'application/vnd.ms-outlook' },
  { name: 'markdown', extensions: ['.md', '.markdown'], mediaType: 'text/markdown' },
  { name: 'text', extensions: ['.txt', '.text', '.log'], mediaType: 'text/plain' },
  { name: 'zip', extensions: ['.zip'], mediaType: 'application/zip' },
] as const satisfies readonly { name: string; extensions: readonly string[]; mediaType: string }[]

/** The name of one of `formats`. */
export type Format = (typeof formats)[number]['name']
