import { installPackages } from './install.ts'

const help = `bun run test [path …] [options of bun test]

Sets everything up by itself (packages, Redis, Chromium, a PostgreSQL of its own, the web app), runs the tests and takes
it all down again. Your own DATABASE_URL and REDIS_URL are never used. The last line is the count.

  bun run test                     every test: unit, database, browser
  bun run test server/inbox        those in a folder or file
  bun run test -t "no second"      those whose name matches`

/** Only what is built in may be imported above: on a fresh clone there are no packages yet. */
const args = process.argv.slice(2)
if (args.includes('--help') || args.includes('-h')) {
  console.log(help)
} else {
  await installPackages()
  const { runTests } = await import('./services/runTests.ts')
  await runTests(args)
}
