/** Every original of every recorded session, played by our peer. */
import { Suite } from "@peerage/testing"
import { replay } from "./Adapter.ts"
import { deviations } from "./Deviations.ts"
import { sessions } from "./Recording.ts"

Suite.define({ sessions, replay, deviations, count: { sessions: 18, roles: 41 } })
