/** In a tab that nobody looks at nothing is painted. */
const AT_THE_LATEST_MS = 100

/** Runs once what has just changed is on the screen, so that nobody waits for it; the returned function takes it back. */
export function afterPaint(act: () => void): () => void {
  let timer = setTimeout(run, AT_THE_LATEST_MS)
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer)
    timer = setTimeout(run)
  })
  function run() {
    cancelAnimationFrame(frame)
    act()
  }
  return () => {
    clearTimeout(timer)
    cancelAnimationFrame(frame)
  }
}
