import { installPackages } from './install.ts'

const help = `bun start

Starts everything that Baton needs on this machine: packages, Redis, PostgreSQL, the web app, the server, and phones of
customers to try it with. Settings are environment variables: see .env.example. Ctrl-C stops all of it.`

if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
  console.log(help)
  process.exit(0)
}

/** Everything Baton needs, on a machine that may have nothing yet. Only what is built in may be imported above. */
await installPackages()
const { launch } = await import('./services/launch.ts')
const { failWith } = await import('./services/plainError.ts')
await launch('start').catch(failWith)
