import { demoVariables, hasRealNumber } from './demoNumber.ts'

export interface ServerPlace {
  databaseUrl: string
  redisUrl: string
  port: number
  host: string
  publicUrl: string
  sessionSecret: string
  secretsKey: string
  dataDir: string
  simulatorUrl?: string | undefined
}

const apiVersion = 'v24.0'

/** What server/main.ts is started with: the user's own environment, and below it all that makes the demo run alone. */
export function serverEnvironment(env: NodeJS.ProcessEnv, place: ServerPlace): NodeJS.ProcessEnv {
  const isDemo = !hasRealNumber(env)
  return {
    ...env,
    ...(isDemo ? { ...demoVariables(env), DEMO: '1' } : {}),
    ...(isDemo && place.simulatorUrl
      ? { WHATSAPP_API_URL: new URL(`/${apiVersion}`, place.simulatorUrl).href }
      : {}),
    DATABASE_URL: place.databaseUrl,
    REDIS_URL: place.redisUrl,
    PORT: String(place.port),
    HOST: place.host,
    PUBLIC_URL: place.publicUrl,
    SESSION_SECRET: env.SESSION_SECRET || place.sessionSecret,
    BATON_SECRETS_KEY: env.BATON_SECRETS_KEY || place.secretsKey,
    DATA_DIR: place.dataDir,
  }
}
