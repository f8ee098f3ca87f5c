import { describe, expect, test } from 'bun:test'
import { GiveWay } from './giveWay.ts'

const turns = (giveWay: GiveWay, isClaimed: boolean, count: number) => {
  for (let turn = 0; turn < count; turn++) giveWay.look(isClaimed)
}

describe('a consumer beside sends that wait', () => {
  test('grows its batches and does not rest while nobody waits', () => {
    const giveWay = new GiveWay()
    turns(giveWay, false, 20)
    expect(giveWay.batchSize).toBe(500)
    expect(giveWay.pauseMs(100)).toBe(0)
  })

  test('takes a small batch at once, and rests longer each time that somebody still waits', () => {
    const giveWay = new GiveWay()
    turns(giveWay, false, 20)
    const pauses = Array.from({ length: 5 }, () => {
      giveWay.look(true)
      expect(giveWay.batchSize).toBe(25)
      return giveWay.pauseMs(10)
    })
    expect(pauses).toEqual([10, 20, 40, 80, 80])
  })

  test('goes on storing, however long somebody waits', () => {
    const giveWay = new GiveWay()
    turns(giveWay, true, 1000)
    expect(giveWay.batchSize).toBeGreaterThan(0)
    expect(giveWay.pauseMs(10_000)).toBeLessThanOrEqual(250)
  })

  test('comes back to full batches once nobody waits', () => {
    const giveWay = new GiveWay()
    turns(giveWay, true, 10)
    turns(giveWay, false, 60)
    expect(giveWay.batchSize).toBe(500)
    expect(giveWay.pauseMs(100)).toBe(0)
  })
})
