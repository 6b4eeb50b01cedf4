/** What stands over the room while it is open. */
import { about } from "../link.ts"
import { commands } from "../state/commands.ts"
import { overlay } from "../state/view.ts"
import { Ask } from "./Ask.tsx"
import { Help } from "./Help.tsx"
import { Invitation } from "./Invite.tsx"
import { Over } from "./Over.tsx"
import { Palette } from "./Palette.tsx"

const InviteOver = () => {
  const invite = about.value?.invite
  return invite === undefined ? null : (
    <Over title="Invite somebody" onClose={() => overlay.value = undefined}>
      <p class="soft">Whoever runs this command joins you here.</p>
      <Invitation invite={invite} />
    </Over>
  )
}

/** The dialog that is open, if any. */
export const Overlays = () => (
  <>
    <Ask />
    {overlay.value === "invite" && <InviteOver />}
    {overlay.value === "help" && (
      <Help>
        <p>
          On the left is who is here: choose somebody to talk to them alone, and rest on a row to see what can be done.
          What is asked is answered in the bar above.
        </p>
      </Help>
    )}
    {overlay.value === "palette" && <Palette commands={commands} />}
  </>
)
