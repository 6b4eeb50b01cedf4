/** Dark or light: as the system says, until somebody says otherwise. */
import { signal } from "@preact/signals"

const name = "peerage.theme"

/** Dark or light. */
export type Theme = "dark" | "light"

const stored = (): Theme | undefined => {
  const value = localStorage.getItem(name)
  return value === "dark" || value === "light" ? value : undefined
}

const system = matchMedia("(prefers-color-scheme: dark)")

/** What somebody chose, if anything. */
const choice = signal(stored())
const preferred = signal<Theme>(system.matches ? "dark" : "light")

/** The theme that is shown. */
export const theme = (): Theme => choice.value ?? preferred.value

/** Changes to the other theme, and keeps that. */
export const switchTheme = (): void => {
  choice.value = theme() === "dark" ? "light" : "dark"
  localStorage.setItem(name, choice.value)
}

system.addEventListener("change", ({ matches }) => {
  preferred.value = matches ? "dark" : "light"
})

/** Shows the theme. */
export const apply = (): void => {
  document.documentElement.dataset["theme"] = theme()
}
