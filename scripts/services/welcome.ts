import { relative } from 'node:path'

export interface Welcome {
  url: string
  simulatorUrl?: string | undefined
  dataDir: string
  isDemo: boolean
  /** Where the first owner comes in; null: somebody works here already. */
  firstLink: string | null
  seconds: string
}

/** What is printed when everything runs: where to go, and who to be. */
export function welcome({ url, simulatorUrl, dataDir, isDemo, firstLink, seconds }: Welcome): string {
  const folder = relative(process.cwd(), dataDir)
  const lines = [
    `Baton runs (${seconds} s).`,
    '',
    `  Inbox     ${url}`,
    ...(simulatorUrl ? [`  Phones    ${simulatorUrl}   write as a customer here`] : []),
    '',
    ...(isDemo ? demoAccounts : realNumber),
    ...(firstLink
      ? ['  Nobody works here yet. The first owner comes in here, once:', `    ${firstLink}`]
      : []),
    '',
    `  Log       ${folder.startsWith('..') ? dataDir : folder}/logs/server.log`,
    '',
    'Ctrl-C stops everything; nothing is lost.',
  ]
  return `\n${lines.join('\n')}\n`
}

const demoAccounts = [
  '  Sign in   ana@demo.baton     agent, team Support',
  '            ben@demo.baton     agent, team Support',
  '            carla@demo.baton   administrator',
  '            dan@demo.baton     agent, team Sales only',
  '  Password  baton-demo         for all four',
]

const realNumber = [
  '  This instance answers for the number of WHATSAPP_PHONE_NUMBER_ID: there is no simulator and no demo account.',
]
