/** Preloaded: from here on no module may import anything of Node, as in a browser. */
import { isBuiltin, registerHooks } from "node:module"

registerHooks({
  resolve: (specifier, context, next) => {
    if (isBuiltin(specifier)) throw new Error(`${specifier} was imported by ${context.parentURL}`)
    return next(specifier, context)
  }
})
