/** What keys do on the stage. */
import type { Binding } from "../keys.ts"
import {
  askLink,
  branch,
  choose,
  cutting,
  healAll,
  link,
  linking,
  moment,
  pace,
  picked,
  save,
  time,
  toggleHost
} from "../state/simulation.ts"
import { overlay } from "../state/view.ts"
import { switchTheme } from "../theme.ts"
import { shift, speeds, step } from "./Controls.tsx"

/** The host that has the focus, or else the one that is picked. */
const meant = (): string | undefined => {
  const focused = document.activeElement?.closest("[data-host]")?.getAttribute("data-host") ?? undefined
  return focused ?? picked.peek()
}

const withHost = (use: (host: string) => void): void => {
  const host = meant()
  if (host !== undefined) use(host)
}

/** The second host of a cut is the one that has the focus when x is pressed again. */
const cut = (): void =>
  withHost((host) => {
    if (cutting.peek() === undefined) cutting.value = host
    else choose(host)
  })

/** The link that was clicked last, or that of a host and the one that is chosen next. */
const setLinkOf = (): void => {
  const [host, last] = [meant(), link.peek()]
  if (last !== undefined && (host === undefined || last.includes(host))) askLink(last)
  else if (host !== undefined && linking.peek() === undefined) linking.value = host
  else if (host !== undefined) choose(host)
}

const leave = (): void => {
  if (cutting.peek() !== undefined) cutting.value = undefined
  else if (linking.peek() !== undefined) linking.value = undefined
  else if (moment.peek() !== undefined) moment.value = undefined
  else picked.value = undefined
}

/** The keys. */
export const keys: ReadonlyArray<Binding> = [
  { keys: "Space", label: "run or pause", run: () => pace({ paused: !time.peek().paused }) },
  { keys: ".", label: `${step} ms on`, run: () => pace({ step }) },
  ...speeds.map((speed, index) => ({
    keys: String(index + 1),
    label: `${speed} times real time`,
    run: () => pace({ speed })
  })),
  { keys: ",", label: "look 100 ms back", run: () => shift(-100) },
  { keys: "Tab", label: "to the hosts" },
  { keys: "Enter", label: "pick the host" },
  { keys: "k", label: "kill or restart the host", run: () => withHost(toggleHost) },
  { keys: "x", label: "cut it off from the host that is chosen next", run: cut },
  { keys: "l", label: "set the link that was clicked, or that to the host that is chosen next", run: setLinkOf },
  { keys: "h", label: "heal all cuts", run: healAll },
  { keys: "b", label: "branch at the moment that is shown", run: branch },
  { keys: "s", label: "save what was done as a scenario", run: save },
  { keys: "Escape", label: "leave what was begun, then the past, then the host", run: leave },
  { keys: "Ctrl+K", label: "all that can be done", run: () => (overlay.value = "palette") },
  { keys: "t", label: "dark or light", run: switchTheme },
  { keys: "?", label: "these keys", run: () => (overlay.value = "help") }
]
