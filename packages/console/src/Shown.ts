/** What panels give, as frames have it: printable, and cut. Ids stay as they are: abilities take them. All pure. */
import type { Graph, Happening, Line, Member, Meter, Row, Said, Status, Transfer } from "./api/Frame.ts"
import * as Cut from "./Cut.ts"
import type { Message, Panel, Tagged } from "./Panel.ts"
import type { Numbered } from "./Recent.ts"

/** How things are. */
export const status = ({ sentence, tone, word }: Status): Status => ({
  tone,
  word: Cut.text(word),
  ...(sentence === undefined ? {} : { sentence: Cut.text(sentence) })
})

/** A member. */
export const member = ({ detail, marks, name, ...member }: Member): Member => ({
  ...member,
  name: Cut.text(name),
  marks: marks.map((mark) => Cut.text(mark)),
  ...(detail === undefined ? {} : { detail: Cut.text(detail) })
})

/** A row of a table. */
export const row = ({ cells, id }: Row): Row => ({ id, cells: cells.map((cell) => Cut.text(cell)) })

/** A node of a graph. */
export const node = ({ name, ...node }: Graph["nodes"][number]): Graph["nodes"][number] => ({
  ...node,
  name: Cut.text(name)
})

/** A file on its way. */
export const transfer = ({ name, peer, sentence, ...transfer }: Transfer): Transfer => ({
  ...transfer,
  name: Cut.text(name),
  peer: Cut.text(peer),
  ...(sentence === undefined ? {} : { sentence: Cut.text(sentence) })
})

/** A message. */
export const said = ({ data, doubt, from, name, type, ...message }: Message): Said => {
  const { cut, value } = Cut.json(data)
  return {
    ...message,
    from: Cut.text(from),
    ...(name === undefined ? {} : { name: Cut.text(name) }),
    ...(doubt === undefined ? {} : { doubt: Cut.text(doubt) }),
    ...(type === undefined ? {} : { type: Cut.text(type) }),
    data: value,
    cut
  }
}

/** A line of the log. */
export const line = ({ text, ...line }: Line): Line => ({ ...line, text: Cut.text(text) })

/** An event of this panel. */
export const happening = (panel: Panel) => ({ at, item, n }: Numbered<Tagged>): Happening => {
  const { cut, value } = Cut.json(panel.encode(item))
  return { n, at, event: value, cut }
}

/** What was counted. */
export const meter = ({ label, name, total, unit }: Meter): Meter => ({ name, unit, total, label: Cut.text(label) })
