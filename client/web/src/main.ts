/** Composition root of the browser: what the page is made of, put together once. */

import { mount } from 'svelte'
import { Http } from './api/http'
import App from './App.svelte'
import { createAccount } from './store/account.svelte'
import { createSession } from './store/session.svelte'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'

const http = new Http()
const target = document.getElementById('app')
if (!target) throw new Error('the page has no #app')
mount(App, { target, props: { http, account: createAccount(http), openSession: () => createSession(http) } })
