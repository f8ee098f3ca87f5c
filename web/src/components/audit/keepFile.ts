/** Has the browser keep a file. */
export function keepFile(file: File) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = file.name
  link.click()
  // The download has begun with the click; what is left is only the memory.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
