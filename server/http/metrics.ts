import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** V8's spaces: Bun has none of them and reports zeros. */
const MEANINGLESS_ON_BUN = ['total', 'used', 'available'].map(
  (part) => `nodejs_heap_space_size_${part}_bytes`,
)
const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** A register with the metrics of the process itself. Each composition root makes one; tests make their own. */
export function createRegister(): Registry {
  const register = new Registry()
  collectDefaultMetrics({ register })
  for (const name of MEANINGLESS_ON_BUN) register.removeSingleMetric(name)
  return register
}

/** How long requests take, by the part of the API they went to: never by path, which would be a series for each id. */
export function requestDuration(register: Registry): (area: string, status: number, ms: number) => void {
  const histogram = new Histogram({
    name: 'baton_http_request_seconds',
    help: 'Time to answer a request, the webhook excepted',
    labelNames: ['area', 'status'],
    buckets: SECONDS,
    registers: [register],
  })
  return (area, status, ms) => histogram.observe({ area, status: `${Math.floor(status / 100)}xx` }, ms / 1000)
}

/** How many WebSockets are open, counted when somebody asks. */
export function observeSockets(register: Registry, count: () => number): void {
  new Gauge({
    name: 'baton_sockets',
    help: 'Open WebSockets',
    registers: [register],
    collect() {
      this.set(count())
    },
  })
}
