/** The page: opens the link, and shows the peer or the simulated network that answers. */
import { effect } from "@preact/signals"
import { render } from "preact"
import { listen } from "./keys.ts"
import { about, connection, open } from "./link.ts"
import { Alone } from "./parts/Alone.tsx"
import { Room } from "./parts/Room.tsx"
import { Simulation } from "./simulation/Simulation.tsx"
import { follow, look, title } from "./state/room.ts"
import * as Simulated from "./state/simulation.ts"
import { chosen, hidden } from "./state/view.ts"
import { apply } from "./theme.ts"

/** States in which nothing that was shown is worth keeping. */
const ended = new Set(["Used", "Uninvited", "Restarted"])

const Page = () => {
  if (about.value === undefined || ended.has(connection.value)) return <Alone />
  return about.value.kind === "simulation" ? <Simulation /> : <Room />
}

const see = () => {
  hidden.value = document.hidden
  if (!document.hidden) look(chosen.peek())
}

effect(apply)
effect(() => {
  document.title = title.value
})
document.addEventListener("visibilitychange", see)
listen()
see()
const page = document.getElementById("page")
if (page !== null) render(<Page />, page)
open((calls, { kind }) => kind === "simulation" ? Simulated.follow(calls) : follow(calls))
