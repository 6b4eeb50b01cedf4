/** Who is here: a conversation with each, and what can be done to them. */
import type { Ability } from "../../src/api/About.ts"
import type { Member } from "../../src/api/Frame.ts"
import { about } from "../link.ts"
import { abilitiesOn, begin } from "../state/asking.ts"
import { openConversation } from "../state/going.ts"
import { members, now, unread } from "../state/room.ts"
import { chosen } from "../state/view.ts"
import { count, grouped, lasting } from "../words.ts"
import { Avatar } from "./Avatar.tsx"

const words = { here: "answers", overdue: "answer overdue", gone: "gone" } as const

const Liveness = ({ member }: { readonly member: Member }) => {
  const age = member.since === undefined ? "" : lasting(now.value - member.since)
  const word = words[member.state]
  return (
    <span
      class={`live ${member.state}`}
      title={member.state === "gone" || age === "" ? word : `${word}, here for ${age}`}
    >
      <span class="hidden">{word},</span>
      <span>{member.state === "gone" ? "gone" : age}</span>
    </span>
  )
}

const Badge = ({ id }: { readonly id: string }) => {
  const waiting = unread.value.get(id)
  return waiting === undefined ? null : (
    <span class="badge">
      {waiting > 99 ? "99+" : waiting}
      <span class="hidden">unread</span>
    </span>
  )
}

const Acts = ({ abilities, member: { id, name } }: {
  readonly abilities: ReadonlyArray<Ability>
  readonly member: Member
}) => (
  <span class="acts">
    {abilities.map((ability) => (
      <button
        type="button"
        key={ability.name}
        class={ability.harsh ? "small harsh" : "small"}
        aria-label={`${ability.label} ${name}`}
        onClick={() => begin(ability, { id, name })}
      >
        {ability.label}
      </button>
    ))}
  </span>
)

const MemberRow = ({ abilities, member }: { readonly abilities: ReadonlyArray<Ability>; readonly member: Member }) => {
  const { detail, id, marks, name, state } = member
  const open = chosen.value === id
  return (
    <li class={`row ${state}${open ? " chosen" : ""}`}>
      <button type="button" class="who" data-row aria-current={open} onClick={() => openConversation(id)}>
        <Avatar id={id} name={name} />
        <span class="text">
          <span class="name">
            <bdi>{name}</bdi>
            <Badge id={id} />
          </span>
          <span class="detail">
            {detail !== undefined && detail !== name && <code>{detail}</code>}
            {marks.map((mark) => <span key={mark} class="mark-word">{mark}</span>)}
          </span>
        </span>
        <Liveness member={member} />
      </button>
      {state !== "gone" && abilities.length > 0 && <Acts abilities={abilities} member={member} />}
    </li>
  )
}

const Everybody = ({ listening }: { readonly listening: number }) => (
  <li class={chosen.value === "" ? "row chosen" : "row"}>
    <button type="button" class="who" data-row aria-current={chosen.value === ""} onClick={() => openConversation("")}>
      <Avatar id="" name="Everybody" />
      <span class="text">
        <span class="name">
          Everybody<Badge id="" />
        </span>
        <span class="detail">{listening === 0 ? "nobody listens yet" : `${grouped(listening)} listening`}</span>
      </span>
    </button>
  </li>
)

/** Who is here. */
export const Members = () => {
  const { list, more } = members.value
  const here = list.filter(({ state }) => state !== "gone").length + more
  const title = about.value?.members ?? "Members"
  const abilities = abilitiesOn("member")
  const panel = abilitiesOn("panel").filter(({ beside }) => beside === undefined)
  return (
    <section class="pane members" aria-labelledby="members-title">
      <header>
        <h2 id="members-title">{title}</h2>
        <span class="count">{grouped(here)}</span>
        <span class="gap" />
        {panel.map((ability) => (
          <button type="button" class="small" key={ability.name} onClick={() => begin(ability)}>{ability.label}</button>
        ))}
      </header>
      <ul role="list" class="scroll" tabIndex={-1} aria-labelledby="members-title">
        {about.value?.everybody === true && <Everybody listening={here} />}
        {list.map((member) => <MemberRow key={member.id} member={member} abilities={abilities} />)}
        {more > 0 && <li class="note">and {count(more, "other")}, not shown</li>}
        {list.length === 0 && <li class="note">Nobody else is here yet.</li>}
      </ul>
    </section>
  )
}
