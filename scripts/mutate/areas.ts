/** What is mutated together, which tests are about it, and how many of the mutants they have to notice. */
export type Area = {
  name: string
  files: { file: string; tests: string[] }[]
  /** In percent. */
  floor: number
}

const POLICY = ['server/inbox/policy.test.ts']
const DELIVERIES = ['server/inbox/foreignDelivery.test.ts', 'server/inbox/storeDeliveries.test.ts']
const LADDER = ['server/inbox/commutes.test.ts', ...DELIVERIES]

export const AREAS: Area[] = [
  {
    name: 'signature',
    floor: 100,
    files: [{ file: 'server/whatsapp/signature.ts', tests: ['server/whatsapp/signature.test.ts'] }],
  },
  {
    name: 'policy',
    floor: 80,
    files: [
      { file: 'server/inbox/policy.ts', tests: ['server/inbox/policyTable.test.ts', ...POLICY] },
      { file: 'server/inbox/role.ts', tests: ['server/inbox/policyTable.test.ts', ...POLICY] },
      { file: 'server/ws/admit.ts', tests: ['server/ws/handlers.test.ts'] },
      { file: 'server/http/sameOrigin.ts', tests: ['server/http/app.test.ts'] },
    ],
  },
  {
    name: 'lock',
    floor: 80,
    files: [
      {
        file: 'server/inbox/checkBaton.ts',
        tests: ['server/inbox/checkBaton.test.ts', 'server/live/locks.test.ts'],
      },
      { file: 'server/inbox/mintFence.ts', tests: ['server/live/locks.test.ts'] },
      { file: 'server/live/takeFence.ts', tests: ['server/live/locks.test.ts'] },
    ],
  },
  {
    name: 'deduplication',
    floor: 80,
    files: [
      { file: 'server/inbox/statusLadder.ts', tests: LADDER },
      { file: 'server/inbox/matchAttempts.ts', tests: DELIVERIES },
      { file: 'server/inbox/climbAttempts.ts', tests: LADDER },
      { file: 'server/inbox/insertMessages.ts', tests: DELIVERIES },
    ],
  },
]
