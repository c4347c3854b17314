/** The roles of a board in the order in which they are offered, the greatest first. */

import { ROLE_ORDER, type Role } from '../../protocol/generated'

export const ROLES = (Object.keys(ROLE_ORDER) as Role[]).sort((a, b) => ROLE_ORDER[b] - ROLE_ORDER[a])
