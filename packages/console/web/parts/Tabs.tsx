/** Tabs over the middle, by the pattern of the WAI: arrows go between them, one stands in the order of the Tab key. */
import { openTab, shownTab, tabs } from "../state/going.ts"
import { tables, transfers, unread } from "../state/room.ts"
import { grouped } from "../words.ts"

const press = (event: KeyboardEvent) => {
  const all = tabs.value
  const at = all.findIndex(({ name }) => name === shownTab.value?.name)
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key]
  const next = to === undefined ? undefined : all[(to + all.length) % all.length]
  if (next === undefined) return
  event.preventDefault()
  openTab(next.name)
  document.getElementById(`tab-${next.name}`)?.focus()
}

const manyIn = (name: string): number => {
  if (name === "transfers") {
    return transfers.value.filter(({ state }) => state === "running" || state === "waiting").length
  }
  const { more, rows } = tables.value[name.replace("table:", "")] ?? { more: 0, rows: [] }
  return name.startsWith("table:") ? rows.length + more : 0
}

/** How many rows or files under way stand under a tab, so that somebody sees from elsewhere that there are some. */
const Many = ({ name }: { readonly name: string }) => {
  const many = manyIn(name)
  return many === 0 ? null : <span class="count">{grouped(many)}</span>
}

/** The tabs; the panel under them is `#panel`. */
export const Tabs = () => {
  const open = shownTab.value?.name
  const waits = open !== "talk" && unread.value.size > 0
  return (
    // The list itself takes no focus: its tabs do.
    <div role="tablist" aria-label="Parts of this peer" class="tabs" onKeyDown={press}>
      {tabs.value.map(({ name, title }) => (
        <button
          type="button"
          role="tab"
          key={name}
          id={`tab-${name}`}
          aria-selected={name === open}
          aria-controls="panel"
          tabIndex={name === open ? 0 : -1}
          onClick={() => openTab(name)}
        >
          {title}
          <Many name={name} />
          {name === "talk" && waits && (
            <span class="dot">
              <span class="hidden">has news</span>
            </span>
          )}
        </button>
      ))}
    </div>
  )
}
