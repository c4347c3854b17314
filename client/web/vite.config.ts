import { createHash } from 'node:crypto'
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { staticIcons } from './icons.ts'

/** The Python server while developing; `./dev up --reload` names another one through this variable. */
const server = process.env.LOCKSTEP_DEV_SERVER ?? 'http://127.0.0.1:8000'

const WORKER = 'service-worker'
/** The service worker's, and the page's root: it waits for a catalogue, which shares words with the board and would wait for it. */
const ALONE = /(index\.html|main\.ts|offline[\\/](worker|shell)\.ts)$/
/** Files of `public` that the page needs. */
const PUBLIC = ['/icon.svg', '/manifest.webmanifest']

export default defineConfig({
  plugins: [svelte({ preprocess: [vitePreprocess(), staticIcons] }), shell()],
  // Under test, Svelte's reactive classes must be the browser's, not the inert ones of server rendering.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  server: {
    host: '127.0.0.1',
    proxy: {
      '/v1': { target: server, ws: true },
      '/healthz': { target: server },
      '/docs': { target: server },
      '/redoc': { target: server },
    },
  },
  build: {
    target: 'es2022',
    rolldownOptions: {
      input: { index: 'index.html', [WORKER]: 'src/offline/worker.ts' },
      output: {
        // A service worker keeps its name, and lies where all of the client is within its reach.
        entryFileNames: ({ name }) => (name === WORKER ? `${WORKER}.js` : 'assets/[name]-[hash].js'),
        // What rarely changes keeps its name between releases, so a returning browser has it already. All else that a
        // board needs at once comes as one file: forty small ones, shared with what is loaded later, take a server longer.
        codeSplitting: {
          groups: [
            { name: 'svelte', test: /node_modules[\\/](svelte|esm-env|clsx)[\\/]/ },
            { name: 'board', tags: ['$initial'], test: (id) => !ALONE.test(id) },
          ],
        },
      },
    },
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: './test-environment.ts',
    coverage: {
      provider: 'v8',
      include: ['src/sync/**/*.ts'],
      exclude: ['src/sync/**/*.test.ts', 'src/sync/testing/**'],
      reporter: ['text', 'json-summary'],
      thresholds: { statements: 90, branches: 90, functions: 90, lines: 90 },
    },
  },
})

/** Tells the service worker which files make up the build, and what it is called. */
function shell(): Plugin {
  return {
    name: 'lockstep-shell',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const worker = bundle[`${WORKER}.js`]
      if (worker?.type !== 'chunk') throw new Error('the build has no service worker')
      const assets = Object.keys(bundle).filter((name) => name.startsWith('assets/'))
      const files = ['/', ...assets.map((name) => `/${name}`).sort(), ...PUBLIC]
      const page = bundle['index.html']
      if (page?.type !== 'asset') throw new Error('the build has no page')
      const version = createHash('sha256').update(files.join('\n')).update(page.source).digest('hex').slice(0, 12)
      worker.code = `const __BUILD__=${JSON.stringify({ version, files })};${worker.code}`
    },
  }
}
