import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import { ApiError } from '../api/problem.ts'
import { ElMessage } from './el/message.ts'

/** What to say of something that failed, in the language of the page. */
export function useTextOf(): (error: unknown) => string {
  const { t } = useI18n()
  return (error) => {
    if (!(error instanceof ApiError)) return t('failure.failed.text')
    if (error.status === 0) return t('failure.away.text')
    const issues = error.problem?.issues?.map(({ path, message }) => `${path}: ${message}`).join('; ')
    return [error.text ?? t('failure.failed.text'), issues].filter(Boolean).join(' ')
  }
}

/**
 * A change: says that it was done, reads anew what it touched, and says what went wrong when it was not.
 *
 * @param touches - First parts of the keys of what is read anew.
 */
export function useChange<Input = void, Output = void>(
  run: (input: Input) => Promise<Output>,
  {
    touches,
    done,
    onDone,
  }: { touches?: string[]; done?: string; onDone?: (output: Output, input: Input) => void } = {},
) {
  const { t } = useI18n()
  const queries = useQueryClient()
  const textOf = useTextOf()
  return useMutation<Output, Error, Input>({
    mutationFn: run,
    onSuccess: async (output, input) => {
      if (done !== '') ElMessage({ type: 'success', message: done ?? t('common.saved'), grouping: true })
      onDone?.(output, input)
      await Promise.all((touches ?? []).map((name) => queries.invalidateQueries({ queryKey: [name] })))
    },
    onError: (error) => {
      ElMessage({ type: 'error', message: textOf(error), duration: 6000, showClose: true, grouping: true })
    },
  })
}
