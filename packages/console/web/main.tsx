/** The page: opens the link, and shows the peer or the simulated network that answers. */
import { effect } from "@preact/signals"
import { render } from "preact"
import { about, connection, open } from "./link.ts"
import { Alone } from "./parts/Alone.tsx"
import { Room } from "./parts/Room.tsx"
import { follow, title } from "./state/room.ts"
import "./theme.ts"

/** States in which nothing that was shown is worth keeping. */
const ended = new Set(["Used", "Uninvited", "Restarted"])

const Page = () => about.value === undefined || ended.has(connection.value) ? <Alone /> : <Room />

const page = document.getElementById("page")
if (page !== null) render(<Page />, page)
effect(() => {
  document.title = title.value
})
open(follow)
