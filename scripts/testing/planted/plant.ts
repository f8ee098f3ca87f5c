import { plugin } from 'bun'

/**
 * Preloaded into a run of tests (`bun test --preload`): gives one source file another text, without touching the file. What is to
 * be planted stands in `BATON_PLANT` as `{ file, contents }`, both paths. Nothing in the product knows of it.
 */
const planted: { file: string; contents: string } = JSON.parse(process.env.BATON_PLANT ?? 'null')
const exactly = new RegExp(`^${planted.file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)

plugin({
  name: 'plant',
  setup(build) {
    build.onLoad({ filter: exactly }, async () => {
      // Whoever started the run looks for this line: a flaw that was never loaded proves nothing.
      console.log(`planted ${planted.file}`)
      return { contents: await Bun.file(planted.contents).text(), loader: 'ts' }
    })
  },
})
