import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

/** The Python server while developing; `./dev up --reload` names another one through this variable. */
const server = process.env.LOCKSTEP_DEV_SERVER ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [svelte()],
  // Under test, Svelte's reactive classes must be the browser's, not the inert ones of server rendering.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  server: {
    host: '127.0.0.1',
    proxy: {
      '/v1': { target: server, ws: true },
      '/healthz': { target: server },
    },
  },
  build: {
    target: 'es2022',
    rolldownOptions: {
      output: {
        // What rarely changes keeps its name between releases, so a returning browser has it already.
        codeSplitting: { groups: [{ name: 'svelte', test: /node_modules[\\/](svelte|esm-env|clsx)[\\/]/ }] },
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
