/** What is mutated together, which tests are about it, and how many of the mutants they have to notice. */
export type Area = {
  name: string
  /** `named`: of the tests only those whose name matches. */
  files: { file: string; tests: string[]; named?: string }[]
  /** In percent. */
  floor: number
}

const POLICY = ['server/inbox/policyTable.test.ts', 'server/inbox/policy.test.ts']
const LOCKS = ['server/live/locks.test.ts', 'server/live/takeFence.test.ts']
/** Without those that try races for seconds: they find what one mutant in a hundred does. */
const DELIVERIES = {
  tests: [
    'server/inbox/insertMessages.test.ts',
    'server/inbox/foreignDelivery.test.ts',
    'server/inbox/storeDeliveries.test.ts',
  ],
  named:
    '^(?!.*(two consumers|any order and any|album of ten|numbers of the event log|batch of a thousand)).*$',
}

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
      { file: 'server/inbox/policy.ts', tests: POLICY },
      { file: 'server/inbox/role.ts', tests: POLICY },
      { file: 'server/ws/admit.ts', tests: ['server/ws/handlers.test.ts'], named: 'the door' },
      {
        file: 'server/http/sameOrigin.ts',
        tests: ['server/http/app.test.ts'],
        named: 'a request with the session cookie',
      },
    ],
  },
  {
    name: 'lock',
    floor: 80,
    files: [
      { file: 'server/inbox/checkBaton.ts', tests: ['server/inbox/checkBaton.test.ts'] },
      { file: 'server/inbox/mintFence.ts', tests: LOCKS },
      { file: 'server/live/takeFence.ts', tests: LOCKS },
    ],
  },
  {
    name: 'deduplication',
    floor: 80,
    files: [
      { file: 'server/inbox/statusLadder.ts', tests: ['server/inbox/statusLadder.test.ts'] },
      // Its locks are for races, so here those run too.
      { file: 'server/inbox/matchAttempts.ts', tests: DELIVERIES.tests },
      { file: 'server/inbox/insertMessages.ts', ...DELIVERIES },
    ],
  },
]
