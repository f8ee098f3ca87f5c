import { defineConfig } from 'drizzle-kit'

/** Migrations are generated from the schema (`bun run migration`) and applied by `db/migrate.ts`. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './db/schema/index.ts',
  out: './db/migrations',
  casing: 'snake_case',
})
