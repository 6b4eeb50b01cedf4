/** What a host sees before anybody has joined: how others do. */
import { about } from "../link.ts"
import { Invitation } from "./Invite.tsx"

/** The first screen of a host. */
export const Welcome = () => {
  const invite = about.value?.invite
  return invite === undefined ?
    null :
    (
      <div class="welcome scroll" role="region" aria-label="How others join" tabIndex={0}>
        <h3>Nobody else is here yet</h3>
        <p>Give this command to whom you want here. You see them here as soon as they have joined.</p>
        <Invitation invite={invite} />
      </div>
    )
}
