/** On a phone one column is shown, and these lead to the others. */
import { about } from "../link.ts"
import { shownTab } from "../state/going.ts"
import { unread } from "../state/room.ts"
import { column } from "../state/view.ts"
import { Icon, type IconName } from "./Icon.tsx"

/** The buttons under a narrow page. */
export const Columns = () => {
  const waiting = [...unread.value.values()].reduce((sum, count) => sum + count, 0)
  const columns: ReadonlyArray<
    { readonly name: typeof column.value; readonly title: string; readonly icon: IconName }
  > = [
    { name: "members", title: about.value?.members ?? "Members", icon: "people" },
    { name: "middle", title: shownTab.value?.title ?? "Chat", icon: "chat" },
    { name: "side", title: "Activity", icon: "pulse" }
  ]
  return (
    <nav class="columns" aria-label="Columns">
      {columns.map(({ icon, name, title }) => (
        <button
          type="button"
          key={name}
          aria-pressed={column.value === name}
          onClick={() => column.value = name}
        >
          <Icon name={icon} />
          <span>{title}</span>
          {name === "members" && waiting > 0 && (
            <span class="badge">
              {waiting}
              <span class="hidden">unread</span>
            </span>
          )}
        </button>
      ))}
    </nav>
  )
}
