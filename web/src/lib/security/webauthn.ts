import { fieldOf, textOf } from '../api/askAuth.ts'

/**
 * Between the browser's bytes and the text of our routes, both ways. Browsers have begun to do this themselves
 * (`parseCreationOptionsFromJSON`, `toJSON`), but not those of last year.
 */

/** Whether this page can use passkeys: the browser knows them, and the address is https, or `localhost` on this machine. */
export const canUsePasskeys = () =>
  'PublicKeyCredential' in globalThis && isSecureContext && !/^[\d.]+$|^\[/.test(location.hostname)

/** What the server asks the browser to make. */
export function creationOptions(asked: unknown): PublicKeyCredentialCreationOptions {
  const user = fieldOf(asked, 'user')
  const rp = fieldOf(asked, 'rp')
  return {
    challenge: bytesIn(asked, 'challenge'),
    rp: { id: textOf(rp, 'id') ?? '', name: textOf(rp, 'name') ?? '' },
    user: {
      id: bytesIn(user, 'id'),
      name: textOf(user, 'name') ?? '',
      displayName: textOf(user, 'displayName') ?? '',
    },
    pubKeyCredParams: listIn(asked, 'algorithms').map((alg) => ({ type: 'public-key', alg: Number(alg) })),
    excludeCredentials: listIn(asked, 'exclude').map((one) => ({
      type: 'public-key',
      id: bytesIn(one, 'credentialId'),
    })),
    // Kept by the authenticator with the name of the account, so that signing in asks for no address.
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
    attestation: 'none',
    timeout: Number(fieldOf(asked, 'timeoutMs')),
  }
}

/** What the server asks any key of this site to sign. */
export function requestOptions(asked: unknown): PublicKeyCredentialRequestOptions {
  return {
    challenge: bytesIn(asked, 'challenge'),
    rpId: textOf(asked, 'rpId') ?? '',
    userVerification: 'required',
    timeout: Number(fieldOf(asked, 'timeoutMs')),
  }
}

/** A key that was made, for the server; null: the browser answers with something else. */
export function madeKey(credential: Credential | null): object | null {
  if (!(credential instanceof PublicKeyCredential)) return null
  const { response } = credential
  if (!(response instanceof AuthenticatorAttestationResponse)) return null
  const publicKey = response.getPublicKey()
  if (publicKey === null) return null
  return {
    id: textFrom(credential.rawId),
    clientData: textFrom(response.clientDataJSON),
    authenticatorData: textFrom(response.getAuthenticatorData()),
    publicKey: textFrom(publicKey),
    algorithm: response.getPublicKeyAlgorithm(),
    transports: response.getTransports(),
  }
}

/** A signature, for the server; null: the browser answers with something else. */
export function usedKey(credential: Credential | null): object | null {
  if (!(credential instanceof PublicKeyCredential)) return null
  const { response } = credential
  if (!(response instanceof AuthenticatorAssertionResponse)) return null
  return {
    id: textFrom(credential.rawId),
    clientData: textFrom(response.clientDataJSON),
    authenticatorData: textFrom(response.authenticatorData),
    signature: textFrom(response.signature),
    userHandle: response.userHandle && textFrom(response.userHandle),
  }
}

function textFrom(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function bytesIn(asked: unknown, field: string): Uint8Array<ArrayBuffer> {
  const text = (textOf(asked, field) ?? '').replaceAll('-', '+').replaceAll('_', '/')
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))
}

function listIn(asked: unknown, field: string): unknown[] {
  const list = fieldOf(asked, field)
  return Array.isArray(list) ? list : []
}
