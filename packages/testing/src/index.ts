export * as Property from "./Property.ts"
