/** Which keys there are, and the switch for all of them. */
import type { ComponentChildren } from "preact"
import { bindings, on, switchKeys } from "../keys.ts"
import { about } from "../link.ts"
import { overlay } from "../state/view.ts"
import { Over } from "./Over.tsx"

/** The help. What the screen says of itself stands above the keys. */
export const Help = ({ children }: { readonly children?: ComponentChildren }) => (
  <Over
    title="Keys and help"
    onClose={() => overlay.value = undefined}
  >
    <div class="scroll help">
      {children}
      <label class="check">
        <input type="checkbox" checked={on.value} onChange={switchKeys} /> Use these keys
      </label>
      <dl class={on.value ? "keys" : "keys off"}>
        {bindings.value.map(({ keys, label }) => (
          <div key={keys}>
            <dt>{keys.split(" ").map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
      <p class="note">
        No single key works while you write. Peerage {about.value?.version}, and{" "}
        <a href="licences.txt" target="_blank" rel="noreferrer">what this page is made with</a>.
      </p>
    </div>
  </Over>
)
