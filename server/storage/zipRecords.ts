/** A file as the records of an archive tell of it (APPNOTE.TXT of PKWARE). Sizes are known once it was written. */
export type ZippedFile = {
  name: string
  modifiedAt: Date
  /** Where its local header stands. */
  offset: number
  crc: number
  size: number
  packedSize: number
}

/** From here on numbers do not fit into the old records, and stand in those of Zip64. */
const MOST_32 = 0xffffffff
const MOST_FILES = 0xffff
const VERSION = 45
/** Sizes follow the bytes; names are UTF-8. */
const FLAGS = 0x0808
const DEFLATE = 8
/** A plain file that its owner may read and write. */
const PLAIN_FILE = (0o100600 << 16) >>> 0

type Field = [bytes: 2 | 4 | 8, value: number]

export function localHeader({ name, modifiedAt }: ZippedFile): Uint8Array {
  const encoded = Buffer.from(name)
  const head = record(0x04034b50, [
    ...common(modifiedAt),
    ...sizes({ crc: 0, packedSize: 0, size: 0 }),
    [2, encoded.length],
    [2, 0],
  ])
  return Buffer.concat([head, encoded])
}

/** Behind the bytes of a file. */
export function dataDescriptor(file: ZippedFile): Uint8Array {
  return record(0x08074b50, sizes(file))
}

/** The line of a file in the directory at the end. */
export function centralHeader(file: ZippedFile): Uint8Array {
  const { name, modifiedAt, offset } = file
  const encoded = Buffer.from(name)
  const isFar = offset >= MOST_32
  const far = isFar
    ? fields([
        [2, 1],
        [2, 8],
        [8, offset],
      ])
    : Buffer.alloc(0)
  const head = record(0x02014b50, [
    [2, (3 << 8) | VERSION],
    ...common(modifiedAt),
    ...sizes(file),
    [2, encoded.length],
    [2, far.length],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, PLAIN_FILE],
    [4, isFar ? MOST_32 : offset],
  ])
  return Buffer.concat([head, encoded, far])
}

/** The end of an archive; with the records of Zip64 before it when it has grown too large or has too many files. */
export function endOfArchive({
  files,
  directoryAt,
  directoryBytes,
}: {
  files: number
  directoryAt: number
  directoryBytes: number
}): Uint8Array {
  const isLarge = files >= MOST_FILES || directoryAt >= MOST_32 || directoryBytes >= MOST_32
  const end = record(0x06054b50, [
    [2, 0],
    [2, 0],
    [2, Math.min(files, MOST_FILES)],
    [2, Math.min(files, MOST_FILES)],
    [4, Math.min(directoryBytes, MOST_32)],
    [4, Math.min(directoryAt, MOST_32)],
    [2, 0],
  ])
  if (!isLarge) return end
  const large = record(0x06064b50, [
    [8, 44],
    [2, (3 << 8) | VERSION],
    [2, VERSION],
    [4, 0],
    [4, 0],
    [8, files],
    [8, files],
    [8, directoryBytes],
    [8, directoryAt],
  ])
  const locator = record(0x07064b50, [
    [4, 0],
    [8, directoryAt + directoryBytes],
    [4, 1],
  ])
  return Buffer.concat([large, locator, end])
}

const common = (modifiedAt: Date): Field[] => [
  [2, VERSION],
  [2, FLAGS],
  [2, DEFLATE],
  [
    2,
    (modifiedAt.getUTCHours() << 11) | (modifiedAt.getUTCMinutes() << 5) | (modifiedAt.getUTCSeconds() >> 1),
  ],
  [
    2,
    ((Math.max(1980, modifiedAt.getUTCFullYear()) - 1980) << 9) |
      ((modifiedAt.getUTCMonth() + 1) << 5) |
      modifiedAt.getUTCDate(),
  ],
]

const sizes = ({ crc, packedSize, size }: Pick<ZippedFile, 'crc' | 'packedSize' | 'size'>): Field[] => {
  if (packedSize >= MOST_32 || size >= MOST_32)
    throw new Error('A single file of an archive is larger than 4 GB')
  return [
    [4, crc],
    [4, packedSize],
    [4, size],
  ]
}

const record = (signature: number, rest: Field[]) => fields([[4, signature], ...rest])

function fields(all: Field[]): Buffer {
  const bytes = Buffer.alloc(all.reduce((sum, [width]) => sum + width, 0))
  let at = 0
  for (const [width, value] of all) {
    if (width === 8) bytes.writeBigUInt64LE(BigInt(value), at)
    else bytes.writeUIntLE(value, at, width)
    at += width
  }
  return bytes
}
