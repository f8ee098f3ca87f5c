export { type Stack, startStack } from '../../scripts/testing/stack.ts'
