/** `Known` of hosts that are secured: what `npm run secured` puts in its place. */
import type * as Plain from "../src/Known.ts"
import * as Securing from "./Securing.ts"

export const hasKeys: typeof Plain.hasKeys = true

export const keyOf: typeof Plain.keyOf = (machine) => ({ key: nameOf(machine) })

export const nameOf = (machine: string) => Securing.identityOf(machine).key

/** However narrow a network is, its streams begin with the same window. */
export const unreadBytes: typeof Plain.unreadBytes = ({ sendBuffer }) => ({ sendBuffer, window: 8192 })
