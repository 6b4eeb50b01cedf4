/**
 * Lint rules of the house: above the link a protocol is Effect programs and data, never callbacks and mutable objects
 * (CONTRIBUTING.md). Loaded by oxlint; `.oxlintrc.json` says in which folders each of them holds.
 */

/** A node of the syntax tree, as far as these rules look at it. */
interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

interface Context {
  readonly report: (problem: { readonly node: Node; readonly message: string }) => void
}

type Visitor = { readonly [type: string]: (node: Node) => void }

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value

const nodes = (value: unknown): ReadonlyArray<Node> => Array.isArray(value) ? value.filter(isNode) : []

const nameOf = (value: unknown): string => isNode(value) && typeof value["name"] === "string" ? value["name"] : ""

/** `Effect.Effect` as written in a type: its two names. */
const typeName = (value: unknown): string => {
  if (!isNode(value)) return ""
  if (value.type === "TSQualifiedName") return `${typeName(value["left"])}.${nameOf(value["right"])}`
  return value.type === "TSTypeReference" ? typeName(value["typeName"]) : nameOf(value)
}

const isEffect = (type: Node): boolean => typeName(type) === "Effect.Effect"

const rule = (create: (report: (node: Node, message: string) => void) => Visitor) => ({
  create: (context: Context) => create((node, message) => context.report({ node, message }))
})

/** Conversions that cannot fail for values that were checked, and change nothing. */
const conversions = new Set(["NetAddress", "IpNetwork", "Duration", "DateTime", "BigInt", "Chunk"])

const noPipeObserver = rule((report) => ({
  CallExpression: ({ callee }) => {
    if (!isNode(callee) || callee.type !== "MemberExpression" || nameOf(callee["property"]) !== "observe") return
    report(callee, "Only wire observes a pipe: use Link, ByteLink, Requests or Fanout.")
  }
}))

const noUnsafe = rule((report) => ({
  MemberExpression: (node) => {
    const name = nameOf(node["property"])
    if (!name.endsWith("Unsafe") || conversions.has(nameOf(node["object"]))) return
    report(node, `${name} acts outside of any fiber: use the Effect of the same name.`)
  }
}))

const noEffectOrUndefined = rule((report) => ({
  TSUnionType: (node) => {
    const types = nodes(node["types"])
    if (!types.some(isEffect) || !types.some(({ type }) => type === "TSUndefinedKeyword")) return
    report(node, "Give an Effect, Effect.void where there is nothing to do, or data that says what follows.")
  }
}))

const noQueuedEffects = rule((report) => ({
  TSTypeReference: (node) => {
    if (!/^(Queue|PubSub)\./.test(typeName(node))) return
    const args = node["typeArguments"]
    if (isNode(args) && nodes(args["params"]).some(isEffect)) report(node, "Queue data; the fiber that takes it acts.")
  }
}))

const noPushingCallback = rule((report) => ({
  TSFunctionType: (node) => {
    const type = node["returnType"]
    const result = isNode(type) ? type["typeAnnotation"] : undefined
    if (!isNode(result) || result.type !== "TSVoidKeyword") return
    report(node, "A callback without a result pushes: give an Effect, a Stream, a Queue, or data.")
  }
}))

const noMutableField = rule((report) => ({
  PropertyDefinition: (node) => {
    if (node["readonly"] === true || node["static"] === true) return
    report(node, "State is data beside a Ref, changed by a pure function; a class here has no fields that change.")
  }
}))

/** Every type that a signature names, at any depth; bodies of functions are not signatures. */
const typesIn = (value: unknown): ReadonlyArray<Node> => {
  if (Array.isArray(value)) return value.flatMap(typesIn)
  if (!isNode(value) || value.type === "BlockStatement") return []
  const inside = Object.entries(value).flatMap(([key, child]) => key === "parent" ? [] : typesIn(child))
  return value.type === "TSTypeReference" ? [value, ...inside] : inside
}

/** The signatures of what a statement declares: of a type, of a function, or of a constant that is one. */
const signaturesOf = (declaration: Node): ReadonlyArray<unknown> => {
  if (/^TS(Interface|TypeAlias)Declaration$/.test(declaration.type)) return [declaration]
  if (declaration.type === "FunctionDeclaration") return [declaration["params"], declaration["returnType"]]
  return nodes(declaration["declarations"]).flatMap(({ id, init }) => {
    const value = isNode(init) && init.type === "CallExpression" ? nodes(init["arguments"]) : nodes([init])
    const made = value.filter(({ type }) => /^(Arrow)?FunctionExpression$/.test(type))
    return [
      isNode(id) ? id["typeAnnotation"] : undefined,
      ...made.flatMap(({ params, returnType }) => [params, returnType])
    ]
  })
}

const noPrivateType = rule((report) => ({
  Program: ({ body }) => {
    const own = nodes(body).filter(({ type }) => /^TS(Interface|TypeAlias)Declaration$/.test(type))
    const names = new Set(own.map(({ id }) => nameOf(id)))
    const exported = nodes(
      nodes(body).map(({ declaration, type }) => type === "ExportNamedDeclaration" ? declaration : undefined)
    )
    for (const type of exported.flatMap(signaturesOf).flatMap(typesIn)) {
      if (names.has(typeName(type))) report(type, `Export ${typeName(type)}: who calls this must be able to name it.`)
    }
  }
}))

export default {
  meta: { name: "house" },
  rules: {
    "no-pipe-observer": noPipeObserver,
    "no-unsafe": noUnsafe,
    "no-effect-or-undefined": noEffectOrUndefined,
    "no-queued-effects": noQueuedEffects,
    "no-pushing-callback": noPushingCallback,
    "no-mutable-field": noMutableField,
    "no-private-type": noPrivateType
  }
}
