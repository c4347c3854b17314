/** The names of the ten priorities, 1 highest: what each name writes and which numbers read as it. */

export const PRIORITIES = ['urgent', 'high', 'medium', 'low'] as const

export type PriorityName = (typeof PRIORITIES)[number]

export const PRIORITY_VALUES: Record<PriorityName, number> = { urgent: 1, high: 3, medium: 5, low: 8 }

export function priorityName(value: number): PriorityName {
  if (value <= 1) return 'urgent'
  if (value <= 3) return 'high'
  return value <= 6 ? 'medium' : 'low'
}
