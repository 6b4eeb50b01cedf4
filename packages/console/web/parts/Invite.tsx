/** How others join: the command to copy, and a code to photograph. Holds no secret. */
import { useSignal } from "@preact/signals"
import type { Invite } from "../../src/api/About.ts"
import { Icon } from "./Icon.tsx"

/** A line of text with a button that copies it. */
const Copyable = ({ label, text }: { readonly label: string; readonly text: string }) => {
  const done = useSignal<boolean | undefined>(undefined)
  const copy = () => {
    navigator.clipboard.writeText(text).then(() => done.value = true, () => done.value = false)
  }
  const word = done.value === undefined ? "Copy" : done.value ? "Copied" : "Select it and copy by hand"
  return (
    <div class="copyable">
      <code tabIndex={0} role="group" aria-label={label}>{text}</code>
      <button type="button" class="small" onClick={copy} onBlur={() => done.value = undefined}>
        <Icon name={done.value === true ? "check" : "copy"} />
        {word}
        <span class="hidden">: {label}</span>
      </button>
      <span role="status" class="hidden">{done.value !== undefined && word}</span>
    </div>
  )
}

/** The code is dark on light in both themes: not every camera reads it the other way round. */
const Code = ({ code: { path, size } }: { readonly code: NonNullable<Invite["code"]> }) => (
  <svg
    class="qr"
    viewBox={`-2 -2 ${size + 4} ${size + 4}`}
    role="img"
    aria-label="A QR code of the invitation"
    shape-rendering="crispEdges"
  >
    <rect x="-2" y="-2" width={size + 4} height={size + 4} rx="1" />
    <path d={path} />
  </svg>
)

/** All that others need to join. */
export const Invitation = ({ invite: { code, command, invitation, needs } }: { readonly invite: Invite }) => (
  <div class="invitation">
    <div class="ways">
      <Copyable label="the command that joins" text={command} />
      {invitation !== undefined && !command.includes(invitation) && (
        <Copyable label="the invitation" text={invitation} />
      )}
      {needs !== undefined && <p class="note">{needs}</p>}
    </div>
    {code !== undefined && <Code code={code} />}
  </div>
)
