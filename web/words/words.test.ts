// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are programs to be read
import { expect, test } from 'bun:test'
import { parse } from 'svelte/compiler'
import { readSource } from './readSource.ts'

const inMarkup = (source: string) => readSource('One.svelte', source).found.map(({ text }) => text)
const inProgram = (source: string) => readSource('one.ts', source).found.map(({ text }) => text)

test('text, and what is read aloud, is words; what a style sheet reads is not', () => {
  expect(
    inMarkup('<p class="mt-2 Flex" data-kind="Big thing" title="Close it">  Nobody is here. </p>'),
  ).toEqual(['Close it', 'Nobody is here.'])
  expect(inMarkup('<input placeholder="name or number" type="search" name="Who" />')).toEqual([
    'name or number',
  ])
})

test('values in a sentence are numbered, and white space and dots around it stay outside', () => {
  expect(inMarkup('<p>&nbsp;· {who.name} answered\n   {count} times</p>')).toEqual(['{0} answered {1} times'])
})

test('an element inside a sentence moves with it, and one whose text is no words is only a place', () => {
  expect(inMarkup('<p>Press <kbd>J</kbd> for <b>the next</b> one</p>')).toEqual([
    'Press <0/> for <1>the next</1> one',
  ])
})

test('a sentence that begins with an element is still Svelte afterwards', () => {
  const { code } = readSource('One.svelte', '{#if a}1{:else}<b><i>Snoozed</i> now</b> until reply{/if}')
  expect(() => parse(code, { modern: true })).not.toThrow()
})

test('a button, a component or a block ends a sentence', () => {
  expect(inMarkup('<p>It failed. <button>Try again</button><Icon /> Later{#if a}Now{/if}</p>')).toEqual([
    'It failed.',
    'Try again',
    'Later',
    'Now',
  ])
})

test('sentences and names in a program are words; keys, comparisons and errors for developers are not', () => {
  const source = `
    import x from 'Some thing'
    type Kind = 'Big one'
    const TABLE = { 'Not me': 'Voice message', other: \`\${n} messages\` }
    if (key === 'Escape now' || list.includes('Not This')) throw new Error('Something is broken')
    const url = \`/media/\${id}\`, style = \`\${n}px\`, id = 'baton:theme', header = 'Content-Type'
  `
  expect(inProgram(source)).toEqual(['Voice message', '{0} messages'])
})

test('what begins small is words when it has a value in it, or when it says so', () => {
  expect(inProgram("const a = [say('just now'), 'just now', `at ${time}`, `row ${x}-${y}`]")).toEqual([
    'just now',
    'at {0}',
  ])
})

test('a string within a value of a sentence is a sentence of its own', () => {
  expect(inProgram("const a = `${name ?? 'A colleague'} is typing…`")).toEqual([
    'A colleague',
    '{0} is typing…',
  ])
})

test('the line of a drawing is no sentence, a unit of time is one', () => {
  expect(inProgram("const a = 'M6 9l4 4 8-9'; const b = `M${x} ${y}v9`; const c = `${n} h`")).toEqual([
    '{0} h',
  ])
})

test('a file that says nothing is left as it is', () => {
  const source = 'export const one = 1\n'
  expect(readSource('one.ts', source).code).toBe(source)
})

test('a program asks the catalogue with the English at hand', () => {
  const { code } = readSource('one.ts', 'export const one = (n: number) => `${n + 1} files`\n')
  expect(code).toContain('_w("{0} files",n + 1)')
  expect(code.split('\n')).toHaveLength(2)
})

test('a word that English says in two meanings says which', () => {
  const { code, found } = readSource('one.ts', "export const one = say('Read', 'what a program may do')\n")
  expect(found.map(({ text }) => text)).toEqual(['Read (what a program may do)'])
  expect(code).toContain('_m("Read","Read (what a program may do)")')
})
