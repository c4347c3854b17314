/** Short messages at the foot of the page: what was done, and how to undo it. */

export interface Toast {
  id: number
  text: string
  /** A later one about the same takes its place. */
  topic?: string
  action?: { label: string; run: () => void }
}

const LIFE_MS = 10_000
const MOST = 4

let next = 1
let shown = $state<Toast[]>([])

export function toasts(): readonly Toast[] {
  return shown
}

export function say(text: string, more: Pick<Toast, 'action' | 'topic'> = {}): void {
  const toast: Toast = { id: next++, text, ...more }
  const others = shown.filter(({ topic }) => topic === undefined || topic !== toast.topic)
  shown = [...others.slice(-(MOST - 1)), toast]
  setTimeout(() => dismiss(toast.id), LIFE_MS)
}

export function dismiss(id: number): void {
  shown = shown.filter((toast) => toast.id !== id)
}
