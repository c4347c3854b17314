/** The browser's engine against the server that LOCKSTEP_URL names; tests/system/test_browser_engine.py starts one. */

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['live/**/*.test.ts'],
    environment: './test-environment.ts',
    testTimeout: 60_000,
  },
})
