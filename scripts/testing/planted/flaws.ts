import type { Flaw } from './flaw.ts'
import { FLAWS_OF_ACCESS } from './flawsOfAccess.ts'
import { FLAWS_OF_FETCHES } from './flawsOfFetches.ts'

const SIGNATURE = { file: 'server/whatsapp/signature.ts', test: 'server/whatsapp/signature.test.ts' }
const WEBHOOK = { file: 'server/http/webhook.ts', test: 'server/http/webhook.test.ts' }
const CHECK = 'if (signer === null) {'
const ASKED = "signerOf(appSecrets, body, request.headers.get('x-hub-signature-256'))"
const UNSIGNED = 'of every shorter length'
const SIGNED = 'is good, and the stream gets exactly the bytes that came'

/** Of the way in: who may deliver. */
const FLAWS_OF_SIGNATURES: Flaw[] = [
  {
    ids: 'GHSA-7rw7-pc8v-mrr3',
    what: 'Chatwoot until April 2026: webhooks of WhatsApp are not checked at all',
    ...WEBHOOK,
    changes: [
      [CHECK, 'if (body === null) {'],
      ['ownersOf?.get(signer)', 'ownersOf?.get(String(signer))'],
    ],
    fails: UNSIGNED,
    passes: SIGNED,
  },
  {
    ids: 'CVE-2024-45607',
    what: 'whatsapp-api-js: the answer of the check the wrong way round',
    ...WEBHOOK,
    changes: [[CHECK, 'if (signer !== null) {']],
    fails: UNSIGNED,
    passes: 'by any other method is refused',
  },
  {
    ids: 'CVE-2024-21491',
    what: 'svix: as much is compared as the caller sends',
    ...SIGNATURE,
    changes: [
      ['/^[0-9a-f]{64}$/', '/^[0-9a-f]*$/'],
      ['timingSafeEqual(digest, claimed)', 'digest.subarray(0, claimed.byteLength).equals(claimed)'],
    ],
    fails: 'by any shorter piece',
    passes: 'by either of two secrets',
  },
  {
    ids: 'CVE-2026-110765',
    what: 'FlexPrice: a delivery without the header is not checked',
    ...SIGNATURE,
    changes: [
      ['if (header === null || !header', 'if (header === null) return secrets[0] ?? null\n  if (!header'],
    ],
    fails: 'without the header',
    passes: 'by either of two secrets',
  },
  {
    ids: 'CVE-2026-56837',
    what: 'PraisonAI: without a secret nothing is checked',
    ...SIGNATURE,
    changes: [['signer: string | null = null', "signer: string | null = secrets.length === 0 ? '' : null"]],
    fails: 'by anybody, when there is no secret',
    passes: 'by either of two secrets',
  },
  {
    ids: 'CVE-2026-56837',
    what: 'PraisonAI: the server starts without a secret',
    file: 'server/env.ts',
    test: 'server/env.test.ts',
    changes: [
      ["WHATSAPP_APP_SECRET: neededBy(\n      'server',", 'WHATSAPP_APP_SECRET: neededBy(\n      [],'],
    ],
    fails: 'without an app secret refuses to start',
    passes: 'counts an empty variable as not set',
  },
  {
    ids: 'CVE-2026-28465, CVE-2026-32974, CVE-2026-28454',
    what: 'OpenClaw: what is checked is not what came (JSON that was read and written again)',
    ...WEBHOOK,
    changes: [
      [ASKED, ASKED.replace('body,', 'Buffer.from(again(body)),')],
      [
        '/** Meta asks once,',
        'const again = (body: Uint8Array) => { try { return JSON.stringify(JSON.parse(Buffer.from(body).toString())) } catch { return "" } }\n\n/** Meta asks once,',
      ],
    ],
    fails: 'is over the raw bytes',
    passes: 'gives the challenge back',
  },
]

/** Every row of the table of flaws of comparable products, each as it would look here. Those of the page stand in `web/e2e/xss.test.ts`. */
export const FLAWS: Flaw[] = [...FLAWS_OF_SIGNATURES, ...FLAWS_OF_ACCESS, ...FLAWS_OF_FETCHES]
