/** A PDF of one page with its name on it; blanks behind its end make it as large as asked. */
export function writeDocument(title: string, sizeBytes = 0): Uint8Array<ArrayBuffer> {
  // The built-in fonts know Latin letters only, and brackets end a PDF string.
  const words = title.replace(/[^\x20-\x7e]|[()\\]/g, '?')
  const drawing = `BT /F1 22 Tf 60 760 Td (${words}) Tj ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let text = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const at = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const rows = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`
  const end = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`
  const document = Buffer.from(text + table + end, 'latin1')
  const bytes = new Uint8Array(Math.max(sizeBytes, document.length)).fill(0x20)
  bytes.set(document)
  return bytes
}
