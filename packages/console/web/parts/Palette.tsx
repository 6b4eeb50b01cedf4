/** All that can be asked, found by a few letters. */
import { useSignal } from "@preact/signals"
import { useLayoutEffect } from "preact/hooks"
import { type Command, matching } from "../state/matching.ts"
import { overlay } from "../state/view.ts"
import { Over } from "./Over.tsx"

/** How many lines are drawn. */
const most = 40

const close = () => {
  overlay.value = undefined
}

const run = (command: Command | undefined) => {
  if (command === undefined) return
  close()
  // The dialog gives the focus back first; what the command does may move it.
  requestAnimationFrame(command.run)
}

const List = ({ at, onPoint, shown }: {
  readonly shown: ReadonlyArray<Command>
  readonly at: number
  readonly onPoint: (index: number) => void
}) => (
  <ul role="listbox" id="palette-list" class="scroll" aria-label="What can be asked">
    {shown.map((command, index) => (
      // The keys are taken by the field above.
      <li
        key={command.id}
        id={`palette-${index}`}
        role="option"
        aria-selected={index === at}
        class={command.harsh === true ? "harsh" : ""}
        onClick={() => run(command)}
        onPointerMove={() => onPoint(index)}
      >
        <bdi>{command.label}</bdi>
        <code class="soft">{command.detail}</code>
      </li>
    ))}
  </ul>
)

/** The palette over the commands of the screen that is shown. */
export const Palette = ({ commands }: { readonly commands: () => ReadonlyArray<Command> }) => {
  const text = useSignal("")
  const at = useSignal(0)
  const found = matching(commands(), text.value)
  const shown = found.slice(0, most)
  useLayoutEffect(() => document.getElementById(`palette-${at.value}`)?.scrollIntoView({ block: "nearest" }), [
    at.value
  ])
  const press = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0
    if (step !== 0) at.value = (at.value + step + shown.length) % Math.max(1, shown.length)
    else if (event.key === "Enter") run(shown[at.value])
    else return
    event.preventDefault()
  }
  return (
    <Over title="What shall be done?" class="palette" onClose={close}>
      <input
        autofocus
        role="combobox"
        aria-label="Find something to do"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={shown.length === 0 ? undefined : `palette-${at.value}`}
        autoComplete="off"
        placeholder="Ban, write to, show"
        value={text}
        onKeyDown={press}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value
          at.value = 0
        }}
      />
      <List shown={shown} at={at.value} onPoint={(index) => at.value = index} />
      <p class="note" role="status">
        {shown.length === 0
          ? "Nothing is called that."
          : found.length > most
          ? `and ${found.length - most} more: write more letters`
          : ""}
      </p>
    </Over>
  )
}
