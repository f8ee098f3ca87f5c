import { describe, expect, test } from 'bun:test'
import { readEnv } from './env.ts'

const good = {
  DATABASE_URL: 'postgres://baton@127.0.0.1:5432/baton',
  REDIS_URL: 'redis://127.0.0.1:6379',
  SESSION_SECRET: 'a session secret of at least 32 characters',
  WHATSAPP_ACCESS_TOKEN: 'token',
  WHATSAPP_APP_SECRET: 'new-secret, old-secret',
  WHATSAPP_VERIFY_TOKEN: 'word',
}

const complaint = (source: Record<string, string | undefined>) => {
  try {
    readEnv(source)
  } catch (error) {
    return String(error)
  }
  return ''
}

describe('the environment', () => {
  test('has defaults for all but addresses and secrets', () => {
    expect(readEnv(good)).toEqual({
      databaseUrl: good.DATABASE_URL,
      redisUrl: good.REDIS_URL,
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      sessionSecret: good.SESSION_SECRET,
      secretsKeys: [],
      dataDir: '.data',
      mediaStore: 'file:.data/media',
      logLevel: 'info',
      roles: ['server', 'consume', 'send', 'jobs'],
      whatsappApiUrl: 'https://graph.facebook.com/v24.0',
      phoneNumberId: null,
      provider: null,
      businessAccountId: null,
      accessToken: 'token',
      appSecrets: ['new-secret', 'old-secret'],
      verifyToken: 'word',
      isDemo: false,
      trustedProxies: [],
      hasRateLimits: true,
      metricsToken: null,
      mail: null,
    })
  })

  test('tells every bad variable in one message, each with what to do', () => {
    const said = complaint({
      PORT: 'many',
      ROLES: 'server,cook',
      LOG_LEVEL: 'loud',
      SESSION_SECRET: 'short',
      PUBLIC_URL: 'http://inbox.example.com',
      DATABASE_URL: 'mysql://somewhere',
      WHATSAPP_PHONE_NUMBER_ID: '+1 555',
      DEMO: 'yes',
    })
    for (const name of [
      'PORT',
      'ROLES',
      'LOG_LEVEL',
      'SESSION_SECRET',
      'PUBLIC_URL',
      'DATABASE_URL',
      'REDIS_URL',
      'WHATSAPP_PHONE_NUMBER_ID',
      'WHATSAPP_ACCESS_TOKEN',
      'WHATSAPP_APP_SECRET',
      'WHATSAPP_VERIFY_TOKEN',
      'DEMO',
    ]) {
      expect(said).toMatch(new RegExp(`^  ${name} (is missing: .+|.+)$`, 'm'))
    }
    expect(said.split('\n')).toHaveLength(13)
  })

  describe('the demo', () => {
    const demo = { ...good, DEMO: '1' }
    test.each([
      [{}],
      [{ HOST: 'localhost' }],
      [{ HOST: '::1', PUBLIC_URL: 'http://localhost:3000' }],
      [{ HOST: '127.0.0.1', PUBLIC_URL: 'https://localhost' }],
    ])('is let through for this machine alone: %p', (place) => {
      expect(readEnv({ ...demo, ...place }).isDemo).toBe(true)
    })

    test.each([
      [{ HOST: '0.0.0.0' }],
      [{ HOST: '::' }],
      [{ HOST: '192.168.1.5' }],
      [{ HOST: '127.0.0.1.example.com' }],
      [{ PUBLIC_URL: 'https://inbox.example.com' }],
      [{ PUBLIC_URL: 'https://localhost.example.com' }],
    ])('is refused where others could reach it, but by name: %p', (place) => {
      expect(complaint({ ...demo, ...place })).toMatch(/DEMO would open the demo.+DEMO_IN_PUBLIC=yes/)
      expect(readEnv({ ...demo, ...place, DEMO_IN_PUBLIC: 'yes' }).isDemo).toBe(true)
      expect(readEnv({ ...good, ...place }).isDemo).toBe(false)
    })
  })

  test('takes a mail server and its sender together, or neither', () => {
    const SMTP_URL = 'smtps://baton:secret@mail.example.com'
    const SMTP_FROM = 'Baton <baton@example.com>'
    expect(readEnv({ ...good, SMTP_URL, SMTP_FROM }).mail).toEqual({ url: SMTP_URL, from: SMTP_FROM })
    expect(complaint({ ...good, SMTP_URL })).toContain('SMTP_FROM and SMTP_URL belong together')
    expect(complaint({ ...good, SMTP_FROM })).toContain('belong together')
    expect(complaint({ ...good, SMTP_FROM, SMTP_URL: 'mail.example.com' })).toContain(
      'SMTP_URL must look like',
    )
    expect(complaint({ ...good, SMTP_URL: 'http://mail.example.com', SMTP_FROM })).not.toContain('secret')
  })

  test('without an app secret refuses to start, also when the variable is there and empty', () => {
    expect(complaint({ ...good, WHATSAPP_APP_SECRET: undefined })).toContain('WHATSAPP_APP_SECRET is missing')
    expect(complaint({ ...good, WHATSAPP_APP_SECRET: '  ' })).toContain('WHATSAPP_APP_SECRET is missing')
    expect(complaint({ ...good, WHATSAPP_APP_SECRET: ',' })).toContain('WHATSAPP_APP_SECRET holds no secret')
  })

  test('never repeats a value, which may be a secret', () => {
    expect(complaint({ ...good, SESSION_SECRET: 'hunter2', DATABASE_URL: 'hunter3' })).not.toContain('hunter')
  })

  test('takes the port into the public URL, and drops the slash of one that is given', () => {
    expect(readEnv({ ...good, PORT: '4321' }).publicUrl).toBe('http://localhost:4321')
    expect(readEnv({ ...good, PUBLIC_URL: 'https://inbox.example.com/' }).publicUrl).toBe(
      'https://inbox.example.com',
    )
  })

  test('counts an empty variable as not set', () => {
    expect(readEnv({ ...good, PORT: '', ROLES: '', PUBLIC_URL: '' })).toEqual(readEnv(good))
  })

  test('names the company’s own sign-in when all of it is set', () => {
    const oidc = {
      OIDC_ISSUER: 'https://login.example.com/realms/linden/',
      OIDC_CLIENT_ID: 'baton',
      OIDC_CLIENT_SECRET: 'secret',
    }
    const provider = {
      issuer: 'https://login.example.com/realms/linden/',
      clientId: 'baton',
      clientSecret: 'secret',
      name: 'login.example.com',
    }
    expect(readEnv({ ...good, ...oidc }).provider).toEqual(provider)
    expect(readEnv({ ...good, ...oidc, OIDC_NAME: 'Linden' }).provider).toEqual({
      ...provider,
      name: 'Linden',
    })
    for (const name of Object.keys(oidc))
      expect(() => readEnv({ ...good, ...oidc, [name]: '' })).toThrow(/OIDC_ISSUER.*belong together/)
    expect(() => readEnv({ ...good, ...oidc, OIDC_ISSUER: 'http://login.example.com' })).toThrow(
      /must be https/,
    )
  })
})
