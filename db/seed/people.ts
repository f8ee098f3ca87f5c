/** Who is in the demo. The accounts are named in the README; they exist only in the demo workspace. */
export const DEMO_PASSWORD = 'baton-demo'

export const TEAMS = ['Support', 'Sales'] as const

export const AGENTS = {
  ana: { name: 'Ana', email: 'ana@demo.baton', role: 'agent', teams: ['Support'] },
  ben: { name: 'Ben', email: 'ben@demo.baton', role: 'agent', teams: ['Support'] },
  carla: { name: 'Carla', email: 'carla@demo.baton', role: 'administrator', teams: [] },
  dan: { name: 'Dan', email: 'dan@demo.baton', role: 'agent', teams: ['Sales'] },
} as const

export type DemoAgent = keyof typeof AGENTS

/** The customers. Most numbers are those of the simulator's phones, so that a thread goes on when one writes from there. */
export const CUSTOMERS = {
  sheena: { name: 'Sheena Nelson', phone: '16505551234' },
  mateo: { name: 'Mateo Ortiz', phone: '525555550142' },
  lena: { name: 'Lena König', phone: '4930555501170' },
  rafael: { name: 'Rafael Pires', phone: '5511955550163' },
  amal: { name: 'Amal Haddad', phone: '971555550118' },
  yuki: { name: 'Yuki Tanaka', phone: '815055550186' },
  priya: { name: 'Priya Nair', phone: '919955550129' },
  /** His number ends like those that WhatsApp cannot reach. */
  jonas: { name: 'Jonas Clarke', phone: '447700900026' },
  grace: { name: 'Grace Ford', phone: '12125550173' },
  tom: { name: 'Tom Bauer', phone: '4989555501148' },
  /** WhatsApp users with a username can hide their number. */
  diego: { username: 'diego.mx', userId: 'MX.14550917320946583127' },
} as const

export type DemoCustomer = keyof typeof CUSTOMERS
