/** Two letters in a colour, by which people are found again. */
import { hue, initials } from "../words.ts"
import { Icon } from "./Icon.tsx"

/** The letters of somebody; everybody has the drawing of a crowd. */
export const Avatar = ({ id, name }: { readonly id: string; readonly name: string }) => (
  <span class={`avatar ${id === "" ? "all" : hue(id)}`} aria-hidden="true">
    {id === "" ? <Icon name="people" /> : initials(name)}
  </span>
)
