import type { Plugin } from 'vite'

const ICON = /\/@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte$/
const DATA = /const iconData = (\{.*\});/

/** Its shapes, each with its attributes. */
type Icon = { name: string; node: [tag: string, attributes: Record<string, string>][] }

/**
 * Writes each icon out as the picture that it is. The package puts one together from data each time that it is drawn, shape
 * by shape: in a thread with its many small buttons that took longer than the messages. Knows the props that this app uses.
 */
export function icons(): Plugin {
  return {
    name: 'baton-icons',
    enforce: 'pre',
    transform(code, id) {
      if (!ICON.test(id)) return null
      const data = DATA.exec(code)?.[1]
      if (!data) throw new Error(`${id} holds no picture where it is looked for`)
      return { code: component(JSON.parse(data)), map: null }
    },
  }
}

/** The class keeps its name: right to left, some icons are turned about by it. */
function component({ name, node }: Icon): string {
  const drawn = node.map(([tag, attributes]) => {
    const written = Object.entries(attributes).map(([attribute, value]) => ` ${attribute}="${value}"`)
    return `<${tag}${written.join('')} />`
  })
  return `<script>
let { size = 24, strokeWidth = 2, fill = 'none', class: classes } = $props()
</script>

<svg xmlns="http://www.w3.org/2000/svg" width={size} height={size} viewBox="0 0 24 24" {fill} stroke="currentColor" stroke-width={strokeWidth} stroke-linecap="round" stroke-linejoin="round" class={['lucide-${name}', classes]} aria-hidden="true">${drawn.join('')}</svg>
`
}
