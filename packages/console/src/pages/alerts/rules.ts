import type { AlertKind, AlertRule, TextPair } from '@haoma/protocol/admin'
import { useQuery } from '@tanstack/vue-query'
import { get } from '../../api/call.ts'
import { language } from '../../look/i18n.ts'

interface RuleKind {
  kind: AlertKind
  text: TextPair
  unit: TextPair
  threshold: number
  windowS: number | null
}

export const useRules = () =>
  useQuery({
    queryKey: ['alert-rules'],
    queryFn: ({ signal }) => get<{ rules: AlertRule[]; kinds: RuleKind[] }>('alert-rules', {}, signal),
  })

/** What is known of kinds, and what a rule is called: a name that nobody chose is its kind's, in the reader's language. */
export function useKinds(rules: ReturnType<typeof useRules>) {
  const kindOf = (kind: string) => rules.data.value?.kinds.find((one) => one.kind === kind)
  const isUsualName = (name: string, kind: string) => {
    const text = kindOf(kind)?.text
    return name === text?.zh || name === text?.en
  }
  const nameOf = (name: string, kind: string) =>
    isUsualName(name, kind) ? (kindOf(kind)?.text[language()] ?? name) : name
  return { kindOf, isUsualName, nameOf }
}
