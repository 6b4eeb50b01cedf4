/** The screen of a running peer: who is here, what is said, and how it goes. */
import { useLayoutEffect } from "preact/hooks"
import { type Binding, bindings, moveRow } from "../keys.ts"
import { about, connection } from "../link.ts"
import { goLog, goMembers, goSide, openConversation, openTab, shownTab } from "../state/going.ts"
import { members, status } from "../state/room.ts"
import { chosen, column, overlay } from "../state/view.ts"
import { switchTheme } from "../theme.ts"
import { grouped } from "../words.ts"
import { Banner } from "./Banner.tsx"
import { Bar } from "./Bar.tsx"
import { Columns } from "./Columns.tsx"
import { Events } from "./Events.tsx"
import { Icon } from "./Icon.tsx"
import { Log } from "./Log.tsx"
import { Members } from "./Members.tsx"
import { Overlays } from "./Overlays.tsx"
import { Plots } from "./Plots.tsx"
import { Routes } from "./Routes.tsx"
import { SideTables, TabTable } from "./Tables.tsx"
import { Tabs } from "./Tabs.tsx"
import { Talk } from "./Talk.tsx"
import { Transfers } from "./Transfers.tsx"

const keys: ReadonlyArray<Binding> = [
  { keys: "/", label: "write", run: () => openConversation(chosen.peek()) },
  { keys: "j", label: "next row", run: () => moveRow(1) },
  { keys: "k", label: "row before", run: () => moveRow(-1) },
  { keys: "Enter", label: "open the row" },
  { keys: "g m", label: "go to who is here", run: goMembers },
  { keys: "g c", label: "go to the conversation", run: () => openConversation(chosen.peek()) },
  { keys: "g e", label: "go to the events", run: () => openTab("events") },
  { keys: "g s", label: "go to what stands beside", run: goSide },
  { keys: "g l", label: "go to the log", run: goLog },
  { keys: "Ctrl+K", label: "all that can be asked", run: () => (overlay.value = "palette") },
  { keys: "t", label: "dark or light", run: switchTheme },
  { keys: "?", label: "these keys", run: () => (overlay.value = "help") }
]

const Facts = () => {
  const peer = about.value
  const { list, more } = members.value
  const here = list.filter(({ state }) => state !== "gone").length + more
  return (
    <>
      <code class="self" title="The address of this peer">{peer?.self}</code>
      <span class="facts">
        {grouped(here)} {(here === 1 ? peer?.members.replace(/s$/, "") : peer?.members)?.toLowerCase()}
      </span>
      {peer?.invite !== undefined && (
        <button
          type="button"
          class="small invite"
          aria-label="Invite"
          onClick={() => overlay.value = "invite"}
        >
          <Icon name="invite" />
          <span>Invite</span>
        </button>
      )}
    </>
  )
}

const Shown = () => {
  const name = shownTab.value?.name ?? "events"
  if (name === "talk") return <Talk />
  if (name === "graph") return <Routes />
  if (name === "transfers") return <Transfers />
  return name === "events" ? <Events /> : <TabTable key={name} name={name.replace("table:", "")} />
}

/** The screen of a running peer. */
export const Room = () => {
  useLayoutEffect(() => {
    bindings.value = keys
  }, [])
  return (
    <>
      <Bar condition={status.value}>
        <Facts />
      </Bar>
      <Banner />
      <main class={`room${connection.value === "Open" ? "" : " stale"}`} data-column={column.value}>
        <Members />
        <div class="pane middle">
          <Tabs />
          <div role="tabpanel" id="panel" aria-labelledby={`tab-${shownTab.value?.name}`}>
            <Shown />
          </div>
        </div>
        <div class="side">
          <Plots />
          <SideTables />
          {about.value?.log === true && <Log />}
        </div>
      </main>
      <Columns />
      <Overlays />
    </>
  )
}
