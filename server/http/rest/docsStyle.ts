/** The look of `/api/docs`: Baton's colours, by the system's theme. */
export const DOCS_STYLE = `
:root { --bg: #f6f6f3; --surface: #fff; --sunken: #efefeb; --line: #e3e3dd; --text: #1b1d19; --muted: #5d6057; --accent: #0b6b4d; --info: #1d5bbf; --warn: #855200; color-scheme: light }
@media (prefers-color-scheme: dark) {
  :root { --bg: #10110f; --surface: #181a17; --sunken: #141513; --line: #2a2c28; --text: #ecede8; --muted: #a6a99e; --accent: #4cc38a; --info: #7fb0f5; --warn: #e5b454; color-scheme: dark }
}
* { box-sizing: border-box }
html { scroll-padding-top: 16px }
body { display: grid; grid-template-columns: 208px minmax(0, 1fr); margin: 0; background: var(--bg); color: var(--text); font: 15px/1.55 Inter, system-ui, sans-serif }
a { color: var(--info) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px }
.skip { position: absolute; left: -999px }
.skip:focus { left: 8px; top: 8px; background: var(--surface); padding: 8px }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 24px 16px 24px 24px; border-right: 1px solid var(--line); background: var(--sunken); font-size: 13.5px }
nav p { margin: 14px 0 2px; font-weight: 600 }
nav .brand { margin: 0 0 16px }
nav ul { margin: 0; padding: 0; list-style: none }
nav li a { display: block; padding: 3px 0 3px 10px; color: var(--muted); text-decoration: none }
nav li a:hover { color: var(--text) }
main { max-width: 880px; padding: 32px 40px 80px }
h1 { margin: 0; font-size: 26px }
h2 { margin: 44px 0 12px; font-size: 19px }
h3 { margin: 0; font-size: 15px; overflow-wrap: anywhere }
h4 { margin: 14px 0 4px; font-size: 12.5px; color: var(--muted) }
article, section { margin: 0 0 14px; padding: 16px 18px; border: 1px solid var(--line); border-radius: 14px; background: var(--surface) }
article p { margin: 8px 0 0 }
article .meta { font-size: 12.5px; color: var(--muted) }
h3 span { display: inline-block; min-width: 46px; font-size: 12px; letter-spacing: .03em }
.get { color: var(--info) }
.post { color: var(--accent) }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 12.5px }
p code { padding: 1px 4px; border-radius: 4px; background: var(--sunken) }
pre { margin: 0; padding: 10px 12px; overflow-x: auto; border-radius: 8px; background: var(--sunken); line-height: 1.6 }
pre b { font-weight: 600 }
pre i { font-style: normal; color: var(--info) }
pre q { color: var(--accent); quotes: none }
pre s { color: var(--warn); text-decoration: none }
pre u { color: var(--muted); text-decoration: none }
section h3 { margin-bottom: 8px }
@media (max-width: 760px) {
  body { display: block }
  nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); padding: 16px }
  nav ul { display: flex; flex-wrap: wrap; gap: 0 12px }
  nav li a { padding: 6px 0 }
  main { padding: 24px 16px 64px }
}
`
