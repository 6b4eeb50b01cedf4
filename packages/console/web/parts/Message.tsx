/** One message, joined to the one before it where the same peer said both. */
import { useState } from "preact/hooks"
import type { Said } from "../../src/api/Frame.ts"
import { crowded, memberById } from "../state/room.ts"
import { clock, day, hue } from "../words.ts"
import { Avatar } from "./Avatar.tsx"
import { Value } from "./Value.tsx"

/** What is said within two minutes of the same peer's last message stands together with it. */
const together = 120_000

const goesOn = (before: Said | undefined, { at, doubt, from, own, type }: Said): boolean =>
  before !== undefined && before.from === from && before.own === own && before.doubt === doubt &&
  before.type === type && at - before.at < together

const Author = ({ message: { at, doubt, from, name, own, type } }: { readonly message: Said }) => {
  const known = name ?? memberById.value.get(from)?.name ?? from
  return (
    <span class="author">
      <b class={own ? "" : hue(from)}>
        <bdi>{own ? "You" : known}</bdi>
      </b>
      {!own && known !== from && <code>{from}</code>}
      {type !== undefined && <span class="mark-word">{type}</span>}
      {doubt !== undefined && <span class="doubt">{doubt}</span>}
      <time dateTime={new Date(at).toISOString()}>{clock(at)}</time>
    </span>
  )
}

/** One message. */
export const Message = ({ before, message }: { readonly before: Said | undefined; readonly message: Said }) => {
  const { at, cut, data, from, name, own } = message
  // Many at once stand there at once: the browser would draw sixty times a second what nobody can follow.
  const [rises] = useState(() => !crowded.peek())
  const on = goesOn(before, message)
  const newDay = before !== undefined && day(before.at) !== day(at)
  return (
    <>
      {newDay && (
        <li class="day">
          <span>{day(at)}</span>
        </li>
      )}
      <li class={`message${own ? " own" : ""}${on && !newDay ? " on" : ""}${rises ? " rises" : ""}`}>
        {!own && <Avatar id={from} name={name ?? memberById.value.get(from)?.name ?? from} />}
        <div class="body">
          {(!on || newDay) && <Author message={message} />}
          <div class="bubble" title={clock(at)}>
            <Value data={data} />
            {cut && <span class="soft">… longer than what is shown</span>}
          </div>
        </div>
      </li>
    </>
  )
}
