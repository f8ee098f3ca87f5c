import type { Target } from '../target.ts'

/** What is measured in the browser, in the order in which it runs. */
export const WEB_ROW_NAMES = [
  'first-route',
  'switching',
  'long-threads',
  'scrolling',
  'prepends',
  'typing',
  'heap',
  'axe',
] as const
export type WebRowName = (typeof WEB_ROW_NAMES)[number]

/** The targets of step 5, by the name of the figure. */
export const WEB_TARGETS: { [figure: string]: Target } = {
  'web-js': { floor: 150, aim: 100, on: 'value', better: 'less' },
  'web-usable-list': { floor: 1500, aim: 800, on: 'value', better: 'less' },
  'web-switch-cached': { floor: 100, aim: 50, on: 'value', better: 'less' },
  'web-switch-fresh': { floor: 300, aim: 150, on: 'value', better: 'less' },
  'web-open-10k': { floor: 2, aim: 1.3, on: 'ratio', better: 'less' },
  'web-open-100k': { floor: 3, aim: 1.5, on: 'ratio', better: 'less' },
  'web-dom-rows': { floor: 80, aim: 50, on: 'value', better: 'less' },
  'web-scroll': { floor: 0.8, aim: 0.95, on: 'ratio', better: 'more' },
  'web-longest-task': { floor: 100, aim: 50, on: 'value', better: 'less' },
  'web-drift': { floor: 2, aim: 0, on: 'value', better: 'less' },
  'web-key-to-paint': { floor: 150, aim: 60, on: 'value', better: 'less' },
  'web-heap': { floor: 1.5, aim: 1.15, on: 'ratio', better: 'less' },
  'web-axe': { floor: 0, aim: 0, on: 'value', better: 'less' },
}
