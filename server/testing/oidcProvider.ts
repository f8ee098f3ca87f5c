import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

export type Claims = Record<string, unknown>

/** What the next sign-in says, and how it lies; each stays until it is changed. */
export type ProviderSettings = {
  claims: Claims
  /** Bends the token just before it is signed. */
  bend(claims: Claims): Claims
  /** Signs with a key that is not among those it shows. */
  isForged: boolean
  /** Answers nothing at all. */
  isSilent: boolean
}

export type OidcProvider = ProviderSettings & {
  issuer: string
  clientId: string
  clientSecret: string
  /** What it was asked at `/authorize`, newest last. */
  asked: URLSearchParams[]
  stop(): void
}

const CODE_LIFE_S = 60
const json = (body: unknown, status = 200) => Response.json(body, { status })
const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const newKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 })

/** A small OpenID Connect provider that keeps to the rules: discovery, code flow with PKCE, tokens signed with RS256. */
export function startOidcProvider(): OidcProvider {
  const [shown, hidden] = [newKey(), newKey()]
  const codes = new Map<string, URLSearchParams>()
  const client = { clientId: 'baton', clientSecret: randomBytes(16).toString('hex') }
  const provider: OidcProvider = {
    ...client,
    issuer: '',
    claims: {},
    bend: (claims) => claims,
    isForged: false,
    isSilent: false,
    asked: [],
    stop: () => void server.stop(true),
  }

  function authorize(query: URLSearchParams): Response {
    provider.asked.push(query)
    const back = new URL(query.get('redirect_uri') ?? '')
    const code = randomBytes(16).toString('hex')
    codes.set(code, query)
    back.searchParams.set('code', code)
    back.searchParams.set('state', query.get('state') ?? '')
    back.searchParams.set('iss', provider.issuer)
    return Response.redirect(back.toString(), 302)
  }

  function token(form: URLSearchParams): Response {
    const query = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const isOurClient =
      form.get('client_id') === client.clientId && form.get('client_secret') === client.clientSecret
    if (!isOurClient) return json({ error: 'invalid_client' }, 401)
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (
      !query ||
      verifier !== query.get('code_challenge') ||
      form.get('redirect_uri') !== query.get('redirect_uri')
    )
      return json({ error: 'invalid_grant' }, 400)
    const now = Math.floor(Date.now() / 1000)
    const claims = provider.bend({
      iss: provider.issuer,
      aud: client.clientId,
      iat: now,
      exp: now + CODE_LIFE_S,
      nonce: query.get('nonce'),
      ...provider.claims,
    })
    const text = `${base64url({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${base64url(claims)}`
    const key = provider.isForged ? hidden.privateKey : shown.privateKey
    const idToken = `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
    return json({
      access_token: 'an access token',
      token_type: 'Bearer',
      expires_in: CODE_LIFE_S,
      id_token: idToken,
    })
  }

  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request) {
      if (provider.isSilent) return new Promise<Response>(() => {})
      const { pathname, searchParams } = new URL(request.url)
      const { issuer } = provider
      if (pathname === '/authorize') return authorize(searchParams)
      if (pathname === '/token') return token(new URLSearchParams(await request.text()))
      if (pathname === '/jwks')
        return json({
          keys: [{ ...shown.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }],
        })
      if (pathname !== '/.well-known/openid-configuration') return json({}, 404)
      return json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
      })
    },
  })
  provider.issuer = `http://127.0.0.1:${server.port}`
  return provider
}
