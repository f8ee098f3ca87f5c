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
})
