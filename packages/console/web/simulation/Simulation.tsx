/** The screen of a simulated network. */
import { useLayoutEffect } from "preact/hooks"
import { bindings } from "../keys.ts"
import { about, connection } from "../link.ts"
import { Bar, type Condition } from "../parts/Bar.tsx"
import { Help } from "../parts/Help.tsx"
import { Palette } from "../parts/Palette.tsx"
import { time } from "../state/simulation.ts"
import { overlay } from "../state/view.ts"
import { commands } from "./commands.ts"
import { Controls } from "./Controls.tsx"
import { Happened } from "./Happened.tsx"
import { Inspector } from "./Inspector.tsx"
import { keys } from "./keys.ts"
import { Setting } from "./Link.tsx"
import { Sequence } from "./Sequence.tsx"
import { Stage } from "./Stage.tsx"

const condition = (): Condition => {
  const { paused, replaying } = time.value
  if (replaying) return { tone: "waiting", word: "playing a branch" }
  return paused ? { tone: "waiting", word: "paused" } : { tone: "good", word: "running" }
}

const Lost = () => (
  <div role="alert" class="banners">
    {connection.value === "Lost" && (
      <p class="banner bad">The simulation does not answer. It is asked again each second; what you see stays.</p>
    )}
  </div>
)

const Overlays = () => (
  <>
    {overlay.value === "help" && (
      <Help>
        <p>
          Each circle is a host that runs the real program, in a network whose time is in your hand. Click a link to cut
          it, pick a host to kill it, slide back to see how it came, and branch off there.
        </p>
      </Help>
    )}
    <Setting />
    {overlay.value === "palette" && <Palette commands={commands} />}
  </>
)

/** The screen. */
export const Simulation = () => {
  useLayoutEffect(() => {
    bindings.value = keys
  }, [])
  return (
    <>
      <Bar condition={condition()}>
        <code class="self" title="The scenario">{about.value?.self}</code>
      </Bar>
      <Lost />
      <main class={connection.value === "Open" ? "simulation" : "simulation stale"}>
        <Stage />
        <Controls />
        <aside aria-label="Details">
          <Inspector />
          <Sequence />
          <Happened />
        </aside>
      </main>
      <Overlays />
    </>
  )
}
