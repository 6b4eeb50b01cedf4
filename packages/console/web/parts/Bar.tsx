/** The bar over everything: which peer this is, how it is, and the last answer. */
import type { ComponentChildren } from "preact"
import { about, connection } from "../link.ts"
import { notice, overlay } from "../state/view.ts"
import { switchTheme, theme } from "../theme.ts"
import { Icon, type IconName, Mark } from "./Icon.tsx"

/** How things are, as a coloured word. */
export interface Condition {
  readonly tone: "good" | "waiting" | "bad"
  readonly word: string
}

const own: { readonly [state: string]: Condition } = {
  Opening: { tone: "waiting", word: "connecting" },
  Lost: { tone: "bad", word: "connection lost, trying again" },
  Used: { tone: "bad", word: "link used" },
  Uninvited: { tone: "bad", word: "no link" },
  Full: { tone: "bad", word: "too many pages" },
  Restarted: { tone: "bad", word: "started anew" }
}

const BarButton = (
  { icon, label, onClick, shortcut }: {
    readonly icon: IconName
    readonly label: string
    readonly shortcut: string
    readonly onClick: () => void
  }
) => (
  <button
    type="button"
    class={`quiet tool-${icon}`}
    onClick={onClick}
    aria-label={label}
    title={`${label} (${shortcut})`}
  >
    <Icon name={icon} />
  </button>
)

const Notice = () => {
  const { bad, n, text } = notice.value
  return (
    <span role="status" class="notices">
      {text !== "" && <span key={n} class={bad ? "notice bad" : "notice"}>{text}</span>}
    </span>
  )
}

/** The bar. What stands in it beside the protocol is given by the screen. */
export const Bar = (
  { children, condition }: { readonly condition: Condition; readonly children?: ComponentChildren }
) => {
  const peer = about.value
  const { tone, word } = own[connection.value] ?? condition
  return (
    <header class="bar">
      <Mark />
      <h1>Peerage</h1>
      {peer !== undefined && (
        <span class="chip">
          {peer.protocol} <span>{peer.role}</span>
        </span>
      )}
      {children}
      <span class="gap" />
      <Notice />
      <span role="status" class={`state ${tone}`}>
        <span>{word}</span>
      </span>
      <span class="tools">
        <BarButton
          icon="search"
          label="All that can be asked"
          shortcut="Ctrl+K"
          onClick={() => overlay.value = "palette"}
        />
        <BarButton icon="help" label="Keys and help" shortcut="?" onClick={() => overlay.value = "help"} />
        <BarButton
          icon={theme() === "dark" ? "sun" : "moon"}
          label={theme() === "dark" ? "Light theme" : "Dark theme"}
          shortcut="t"
          onClick={switchTheme}
        />
      </span>
    </header>
  )
}
