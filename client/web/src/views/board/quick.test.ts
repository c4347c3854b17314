import { describe, expect, it } from 'vitest'
import { understand, type Known } from './quick'

const known: Known = {
  labels: [
    { id: 'bug', name: 'Bug' },
    { id: 'front', name: 'Front' },
    { id: 'front end', name: 'Front end' },
  ],
  members: [
    { id: 'ann', name: 'Ann Larkin' },
    { id: 'anna', name: 'Anna Berg' },
    { id: 'milo', name: 'Milo' },
  ],
  priorities: [
    { name: 'Urgent', value: 1 },
    { name: 'High', value: 3 },
    { name: 'Low', value: 8 },
  ],
  days: [
    { name: 'Today', after: 0 },
    { name: 'Tomorrow', after: 1 },
  ],
  weekdays: [
    ['Sunday', 'Sun'],
    ['Monday', 'Mon'],
    ['Tuesday'],
    ['Wednesday'],
    ['Thursday'],
    ['Friday', 'Fri'],
    ['Saturday'],
  ],
  now: new Date(2026, 10, 20, 12), // a Friday
}

const read = (line: string) => understand(line, known)

describe('a line that makes a card', () => {
  it('is its title when it says nothing else', () => {
    expect(read('  Call   the mill ')).toEqual({
      title: 'Call the mill',
      label_ids: [],
      assignee_ids: [],
      priority: null,
      due_at: null,
    })
  })

  it('names label, person, priority and day, anywhere in it', () => {
    expect(read('#bug Call @milo the !high mill ^tomorrow')).toEqual({
      title: 'Call the mill',
      label_ids: ['bug'],
      assignee_ids: ['milo'],
      priority: 3,
      due_at: '2026-11-21',
    })
  })

  it('takes the longest name, and the beginning of one that is meant alone', () => {
    expect(read('x #front end now').label_ids).toEqual(['front end'])
    expect(read('x #front now')).toMatchObject({ label_ids: ['front'], title: 'x now' })
    expect(read('x @ann larkin')).toMatchObject({ assignee_ids: ['ann'], title: 'x' })
    expect(read('x @anna')).toMatchObject({ assignee_ids: ['anna'], title: 'x' })
    expect(read('x #bug #bug @mi').assignee_ids).toEqual(['milo'])
  })

  it.each([
    'See #42',
    'Ask @ann',
    'a@milo.example',
    'Fix !important',
    'Really!',
    'x ^2026-02-30',
    'C# bug',
    '2^8',
    '^',
    '#',
  ])('leaves what is not understood in the title: %s', (line) => {
    expect(read(line)).toEqual({ title: line, label_ids: [], assignee_ids: [], priority: null, due_at: null })
  })
})

describe('a day', () => {
  it.each([
    ['^today', '2026-11-20'],
    ['^tom', '2026-11-21'],
    ['^mon', '2026-11-23'],
    ['^fri', '2026-11-27'],
    ['^+3', '2026-11-23'],
    ['^2w', '2026-12-04'],
    ['^2027-01-31', '2027-01-31'],
  ])('%s is %s', (said, due) => {
    expect(read(`Mow ${said} please`)).toMatchObject({ title: 'Mow please', due_at: due })
  })

  it('takes a time with it', () => {
    const due = new Date(2026, 10, 23, 9, 30).toISOString().replace('.000', '')
    expect(read('Mow ^mon 9:30')).toMatchObject({ title: 'Mow', due_at: due })
    expect(read('Mow ^mon 25:00')).toMatchObject({ title: 'Mow 25:00', due_at: '2026-11-23' })
  })
})
