/** What somebody looks at. */
import { signal } from "@preact/signals"

/** The conversation that is open: a member's id, or "" for everybody. */
export const chosen = signal("")

/** The tab over the middle. */
export const tab = signal("talk")

/** Which column a narrow window shows. */
export const column = signal<"members" | "middle" | "side">("middle")

/** True while nobody can see the page. */
export const hidden = signal(false)

/** What is open over the page. */
export const overlay = signal<"invite" | "help" | "palette" | undefined>(undefined)

/** The last answer, as "reached 7". `n` tells two that say the same apart. */
export const notice = signal<{ readonly n: number; readonly text: string; readonly bad: boolean }>({
  n: 0,
  text: "",
  bad: false
})

/** Says an answer in the bar. */
export const say = (text: string, bad = false): void => {
  notice.value = { n: notice.peek().n + 1, text, bad }
}
