import ts from 'typescript'

type SqlMutation = { start: number; end: number; text: string }

/** What stands for what in SQL: much of what decides here is said there. */
const SWAPPED: [RegExp, string][] = [
  [/\band\b/g, 'or'],
  [/\bor\b/g, 'and'],
  [/\bis null\b/g, 'is not null'],
  [/\bis not null\b/g, 'is null'],
  [/(?<=\s)<(?=\s)/g, '<='],
  [/(?<=\s)>(?=\s)/g, '>='],
  [/(?<=\s)=(?=\s)/g, '<>'],
  [/\bnot exists\b/g, 'exists'],
  [/\bdesc\b/g, 'asc'],
  [/\bfor (?:no key )?update\b|\bfor share\b/g, ''],
]

/** The mutations of the SQL of one template, where its text stands between its values. */
export function sqlMutations({ tag, template }: ts.TaggedTemplateExpression): SqlMutation[] {
  const file = template.getSourceFile()
  if (!/^(sql|tx)\b/.test(tag.getText(file))) return []
  const pieces = ts.isNoSubstitutionTemplateLiteral(template)
    ? [template]
    : [template.head, ...template.templateSpans.map((span) => span.literal)]
  return pieces.flatMap((piece) => {
    const offset = piece.getStart(file)
    const text = piece.getText(file)
    return SWAPPED.flatMap(([pattern, instead]) =>
      [...text.matchAll(pattern)].map(({ 0: words, index }) => {
        return { start: offset + index, end: offset + index + words.length, text: instead }
      }),
    )
  })
}
