import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** What a key is made or asked with; each part can be bent, to see that it is noticed. */
export type Ceremony = {
  challenge: string
  origin: string
  type?: string
  rpId?: string
  /** Present and verified, unless said otherwise. */
  flags?: number
  counter?: number
  crossOrigin?: boolean
}

const PRESENT_AND_VERIFIED = 0x05
const HAS_CREDENTIAL = 0x40

/** An authenticator in software: what a security key, a phone or a password manager answers to a browser. */
export function softKey(userHandle: Buffer | null = null) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const id = randomBytes(32)

  const clientDataOf = (ceremony: Ceremony, type: string) => {
    const { challenge, origin, crossOrigin = false } = ceremony
    return Buffer.from(JSON.stringify({ type: ceremony.type ?? type, challenge, origin, crossOrigin }))
  }
  return {
    id: id.toString('base64url'),
    make(ceremony: Ceremony) {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const flags = (ceremony.flags ?? PRESENT_AND_VERIFIED) | HAS_CREDENTIAL
      const authenticatorData = Buffer.concat([headOf({ ...ceremony, flags }), Buffer.alloc(16), length, id])
      return {
        id: id.toString('base64url'),
        clientData: clientDataOf(ceremony, 'webauthn.create').toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
        algorithm: -7,
        transports: ['internal'],
      }
    },
    use(ceremony: Ceremony, by: KeyObject = privateKey) {
      const clientData = clientDataOf(ceremony, 'webauthn.get')
      const authenticatorData = headOf({ flags: PRESENT_AND_VERIFIED, ...ceremony })
      const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()])
      return {
        id: id.toString('base64url'),
        clientData: clientData.toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: sign('sha256', signed, by).toString('base64url'),
        userHandle: userHandle?.toString('base64url') ?? null,
      }
    },
  }
}

function headOf({ rpId = 'localhost', flags = 0, counter = 0 }: Ceremony): Buffer {
  const rest = Buffer.alloc(5)
  rest.writeUInt8(flags)
  rest.writeUInt32BE(counter, 1)
  return Buffer.concat([createHash('sha256').update(rpId).digest(), rest])
}
