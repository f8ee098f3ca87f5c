import type { Flaw } from './flaw.ts'

const FORGED = { test: 'server/whatsapp/forgedAddress.test.ts', passes: 'by another scheme' }
const FILES = { test: 'server/http/media.test.ts', passes: 'a picture that an agent uploads comes back' }
const SVG = { fails: 'what could run is given out as a file only', ...FILES }

/** Of what the server fetches, and of the files that it gives out. */
export const FLAWS_OF_FETCHES: Flaw[] = [
  {
    ids: 'CW-6931',
    what: 'Chatwoot: an IPv4 address in the clothes of IPv6 passes for a public one',
    ...FORGED,
    file: 'server/whatsapp/publicAddress.ts',
    changes: [['return isPublicV4((groups[6] ?? 0) * 0x10000 + (groups[7] ?? 0))', 'return true']],
    fails: 'by a name of Meta, whatever it resolves to now',
  },
  {
    ids: 'CW-6940',
    what: 'Chatwoot: the name is looked up once to be checked, and once more to be connected to',
    ...FORGED,
    file: 'server/whatsapp/downloadFile.ts',
    changes: [['target.hostname = isIP(address) === 6 ? `[${address}]` : address', '']],
    fails: 'by a name that leads elsewhere the second time',
  },
  {
    ids: 'CW-6931',
    what: 'Chatwoot: redirects are followed wherever they lead',
    file: 'server/whatsapp/downloadFile.ts',
    changes: [["redirect: 'manual'", "redirect: 'follow'"]],
    test: 'server/whatsapp/downloadFile.test.ts',
    fails: 'a redirect within the host is followed',
    passes: 'a file is fetched with the token',
  },
  {
    ids: 'CW-6940',
    what: 'Chatwoot: a host that ends like an allowed one passes for it',
    ...FORGED,
    file: 'server/whatsapp/mediaHost.ts',
    changes: [['url.hostname.endsWith(`.${host}`)', 'url.hostname.endsWith(host)']],
    fails: 'however much like Meta a host looks',
  },
  {
    ids: 'CW-6940',
    what: 'Chatwoot: any port of an allowed host is connected to',
    ...FORGED,
    file: 'server/whatsapp/mediaHost.ts',
    changes: [["url.protocol === 'https:' && url.port === ''", "url.protocol === 'https:'"]],
    fails: 'with a name and a password, by another port',
  },
  {
    ids: 'CVE-2024-39713, CVE-2021-3742',
    what: 'Rocket.Chat, Chatwoot: an address in a payload is fetched',
    file: 'server/whatsapp/graphMedia.ts',
    changes: [
      [
        'const authorization = await authorize(phoneNumberId)',
        'if (URL.canParse(graphId)) await fetch(graphId)\n      const authorization = await authorize(phoneNumberId)',
      ],
    ],
    test: 'scripts/testing/payloadAddress.test.ts',
    fails: 'no address that a payload names is ever asked',
    passes: null,
  },
  {
    ids: 'CVE-2021-3741',
    what: 'Chatwoot: SVG is given out as itself',
    ...SVG,
    file: 'server/http/serveMedia.ts',
    changes: [
      [
        "new Set(['text/html', 'image/svg+xml', 'application/xml'])",
        "new Set(['text/html', 'application/xml'])",
      ],
    ],
  },
  {
    ids: 'CVE-2026-27616',
    what: 'Vikunja: SVG opens in the page',
    ...SVG,
    file: 'server/http/serveMedia.ts',
    changes: [["'image/avif'],", "'image/avif', 'image/svg+xml'],"]],
  },
  {
    ids: 'GHSA-ch8j-vr4r-qf6h',
    what: 'Plane: files are given out without a policy that runs nothing',
    ...SVG,
    file: 'server/http/serveMedia.ts',
    changes: [["'Content-Security-Policy': NOTHING_MAY_RUN,", '']],
    passes: 'a film can be asked for in parts',
  },
  {
    ids: 'GHSA-ch8j-vr4r-qf6h',
    what: 'Plane: browsers may guess what a file is',
    ...SVG,
    file: 'server/http/serveMedia.ts',
    changes: [["'X-Content-Type-Options': 'nosniff',", "'X-Content-Type-Options': 'none',"]],
    passes: 'a film can be asked for in parts',
  },
  {
    ids: 'CVE-2021-3741',
    what: 'Chatwoot: a file is what its sender says that it is',
    file: 'server/media/detectType.ts',
    changes: [["if (/<svg[\\s>]/i.test(text)) return 'image/svg+xml'", 'if (told) return told']],
    test: 'server/media/detectType.test.ts',
    fails: 'a page or a drawing that can run scripts',
    passes: 'pictures are known by their bytes',
  },
  {
    ids: 'CVE-2026-48616',
    what: 'Rocket.Chat: whoever knows the id of a file opens it',
    ...FILES,
    file: 'server/inbox/readMedia.ts',
    changes: [
      ["and (${hangsInReach(sql, reach, 'file')}", "and (true or ${hangsInReach(sql, reach, 'file')}"],
    ],
    fails: 'nobody opens, or uploads for, what is not theirs',
  },
  {
    ids: 'CVE-2026-56845',
    what: 'Rocket.Chat: a name leads out of the folder of files',
    file: 'server/storage/mediaKey.ts',
    changes: [['if (!KEY.test(key)) throw', "if (key === '') throw"]],
    test: 'server/storage/mediaStore.test.ts',
    fails: 'takes no key but its own',
    passes: null,
  },
  {
    ids: 'CVE-2026-56845',
    what: 'Rocket.Chat: the name of a file keeps its slashes',
    file: 'server/http/contentDisposition.ts',
    changes: [['\\u2069/\\\\', '\\u2069']],
    test: 'server/http/contentDisposition.test.ts',
    fails: 'a name that leads elsewhere',
    passes: 'a plain name',
  },
]
