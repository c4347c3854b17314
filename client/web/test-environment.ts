/** Tests run in Node, but see the modules as a browser does: Svelte's runes react instead of being rendered once. */

import type { Environment } from 'vitest/runtime'

export default {
  name: 'browser-modules',
  viteEnvironment: 'client',
  setup: () => ({ teardown: () => {} }),
} satisfies Environment
