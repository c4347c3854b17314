/** The catalogue in use. Words are looked up here and nowhere else; dates and numbers follow the browser's locale. */

import { en, type Strings } from './en'

export type { Strings }

export const t: Strings = en
