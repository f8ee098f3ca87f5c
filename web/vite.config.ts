import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import { icons } from './icons/plugin.ts'
import { words } from './words/plugin.ts'

/** Where the API listens while Vite serves the app; the socket goes there directly (shared facts W7). */
const api = process.env.BATON_API ?? 'http://127.0.0.1:3000'

export default defineConfig(({ command }) => ({
  plugins: [
    words(),
    icons(),
    tailwindcss(),
    sveltekit({
      // One page for every route: the session decides what it shows, so there is nothing to prerender.
      adapter: adapter({ fallback: '200.html', precompress: true }),
      version: { pollInterval: 0 },
    }),
  ],
  // In a build it is empty, and the socket goes to the page's own origin.
  define: { __API_ORIGIN__: JSON.stringify(command === 'serve' ? api : '') },
  server: {
    proxy: { '/trpc': api, '/api': api, '/media': api },
    // The packages lie beside this folder, and the font is one of them.
    fs: { allow: ['../node_modules'] },
  },
  build: { target: 'es2023', sourcemap: false },
}))
