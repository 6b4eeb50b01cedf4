/** The screen of a running peer: who is here, what is said, and how it goes. */
import { about, connection } from "../link.ts"
import { members, status } from "../state/room.ts"
import { overlay } from "../state/view.ts"
import { grouped } from "../words.ts"
import { Bar } from "./Bar.tsx"
import { Icon } from "./Icon.tsx"
import { Members } from "./Members.tsx"
import { Talk } from "./Talk.tsx"

const Facts = () => {
  const peer = about.value
  const { list, more } = members.value
  const here = list.filter(({ state }) => state !== "gone").length + more
  return (
    <>
      <code class="self">{peer?.self}</code>
      <span class="facts">
        {grouped(here)} {(here === 1 ? peer?.members.replace(/s$/, "") : peer?.members)?.toLowerCase()}
      </span>
      {peer?.invite !== undefined && (
        <button
          type="button"
          class="small invite"
          onClick={() => overlay.value = "invite"}
        >
          <Icon name="invite" />Invite
        </button>
      )}
    </>
  )
}

/** The screen of a running peer. */
export const Room = () => (
  <>
    <Bar condition={status.value}>
      <Facts />
    </Bar>
    <main class={`room${connection.value === "Open" ? "" : " stale"}`}>
      <Members />
      <div class="pane middle" data-column="middle">
        <Talk />
      </div>
    </main>
  </>
)
