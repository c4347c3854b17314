/** Composition root of the browser: what the page is made of, put together once. */

import { mount } from 'svelte'
import { Http } from './api/http'
import App from './App.svelte'
import { followBuilds } from './offline/builds'
import { Account } from './store/account.svelte'
import { createSession } from './store/session.svelte'
import { speak, t } from './strings'
import { language } from './strings/language'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/print.css'
import { DatabaseShelf } from './sync/shelf-database'
import { tabsOf } from './sync/tabs'
import { say } from './views/parts/toasts.svelte'

document.documentElement.lang = language()
await speak()

const http = new Http()
const tabs = tabsOf(navigator)
const account = new Account(http, (user) => new DatabaseShelf(user, () => say(t.offline.unkept), tabs))
const target = document.getElementById('app')
if (!target) throw new Error('the page has no #app')
mount(App, {
  target,
  props: { http, account, openSession: (user) => createSession(http, user, account.shelf, tabs) },
})

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  const page = { container: navigator.serviceWorker, document, reload: () => location.reload() }
  void followBuilds(page, (run) => say(t.offline.newBuild, { action: { label: t.offline.takeBuild, run } }))
}
