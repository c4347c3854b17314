import type { Http } from '../api/http'
import type { Session } from './types'

export declare function createSession(http: Http): Session
