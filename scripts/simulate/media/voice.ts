/** One Opus packet of 20 ms of silence, mono: what an encoder makes of nothing. */
const silence = Buffer.from([0xf8, 0xff, 0xfe])
const packetsPerSecond = 50
const packetsPerPage = 50
/** Opus counts in 48 kHz samples, whatever the recording was. */
const samplesPerPacket = 960
const serialNumber = 0x42544f4e

/** A voice note of so many seconds: a well-formed Ogg/Opus file that any player accepts, and that is silent. */
export function recordVoice(seconds: number): Uint8Array<ArrayBuffer> {
  const head = Buffer.concat([
    Buffer.from('OpusHead', 'ascii'),
    Buffer.from([1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0]),
  ])
  const vendor = Buffer.from('baton', 'ascii')
  const tags = Buffer.concat([Buffer.from('OpusTags', 'ascii'), uint32(vendor.length), vendor, uint32(0)])
  const pages = [page([head], 0, 0, 2), page([tags], 0, 1, 0)]
  const packets = Math.max(1, Math.round(seconds * packetsPerSecond))
  for (let done = 0; done < packets; ) {
    const count = Math.min(packetsPerPage, packets - done)
    done += count
    const isLast = done === packets
    pages.push(page(Array(count).fill(silence), done * samplesPerPacket, pages.length, isLast ? 4 : 0))
  }
  return Buffer.concat(pages)
}

/** One Ogg page; the packets must be shorter than 255 bytes each, so that each takes one segment. */
function page(packets: Buffer[], samples: number, sequence: number, flags: number): Buffer {
  const position = Buffer.alloc(8)
  position.writeBigUInt64LE(BigInt(samples))
  const bytes = Buffer.concat([
    Buffer.from('OggS', 'ascii'),
    Buffer.from([0, flags]),
    position,
    uint32(serialNumber),
    uint32(sequence),
    uint32(0),
    Buffer.from([packets.length, ...packets.map((packet) => packet.length)]),
    ...packets,
  ])
  bytes.writeUInt32LE(oggChecksum(bytes), 22)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** Ogg's own CRC-32: unreflected, starting at zero, so zlib's cannot be used. */
function oggChecksum(bytes: Buffer): number {
  let sum = 0
  for (const byte of bytes) {
    sum ^= byte << 24
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1
  }
  return sum >>> 0
}
