/** Every original of every recorded session, played by ours. */
import { Suite } from "@peerage/testing"
import { deviations } from "./Deviations.ts"
import { replay } from "./Player.ts"
import { sessions } from "./Recording.ts"

Suite.define({ sessions, replay, deviations, count: { sessions: 17, roles: 48 } })
