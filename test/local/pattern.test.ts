import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventPattern, filterCriteria } from '../../scripts/local/pattern.ts';

const insert = { eventName: 'INSERT', dynamodb: { NewImage: { bucket: { S: 'demo|2026-11-21' } } } };

describe('event patterns', () => {
  it('match literals, any of a list, at any depth', () => {
    const pattern = eventPattern({ eventName: ['INSERT', 'MODIFY'] });
    assert.equal(pattern(insert), true);
    assert.equal(pattern({ ...insert, eventName: 'REMOVE' }), false);
    assert.equal(pattern({}), false);
    const deep = eventPattern({ detail: { stage: { name: ['a', null, 3] } } });
    assert.equal(deep({ detail: { stage: { name: null } } }), true);
    assert.equal(deep({ detail: { stage: { name: 3 } } }), true);
    assert.equal(deep({ detail: { stage: 'a' } }), false);
  });

  it('match an array in the event when one item does', () => {
    assert.equal(eventPattern({ tags: ['b'] })({ tags: ['a', 'b'] }), true);
    assert.equal(eventPattern({ tags: ['c'] })({ tags: ['a', 'b'] }), false);
  });

  it('ask for presence of leaves, not of objects', () => {
    const present = eventPattern({ dynamodb: { NewImage: { bucket: { S: [{ exists: true }] } } } });
    assert.equal(present(insert), true);
    assert.equal(present({ dynamodb: { NewImage: {} } }), false);
    assert.equal(eventPattern({ dynamodb: { NewImage: { bucket: [{ exists: true }] } } })(insert), false);
    assert.equal(
      eventPattern({ dynamodb: { NewImage: { kind: { S: [{ exists: false }] } } } })(insert),
      true,
    );
    assert.equal(eventPattern({ eventName: [{ exists: false }] })(insert), false);
  });

  it('match prefixes, exclusions and numbers', () => {
    assert.equal(eventPattern({ id: [{ prefix: 'D#' }] })({ id: 'D#demo' }), true);
    assert.equal(eventPattern({ id: [{ prefix: 'D#' }] })({ id: 'F#demo' }), false);
    const not = eventPattern({ kind: [{ 'anything-but': ['delivery', 'conflict'] }] });
    assert.equal(not({ kind: 'fact' }), true);
    assert.equal(not({ kind: 'conflict' }), false);
    assert.equal(not({}), false);
    const notPrefix = eventPattern({ kind: [{ 'anything-but': { prefix: 'd' } }] });
    assert.equal(notPrefix({ kind: 'fact' }), true);
    assert.equal(notPrefix({ kind: 'delivery' }), false);
    const numeric = eventPattern({ days: [{ numeric: ['>=', 45, '<', 60] }] });
    assert.deepEqual(
      [44, 45, 59, 60, '50'].map((days) => numeric({ days })),
      [false, true, true, false, false],
    );
  });

  it('refuse what they do not know instead of matching nothing', () => {
    assert.throws(() => eventPattern({ source: [{ cidr: '10.0.0.0/8' }] }), /does not know/);
    assert.throws(() => eventPattern({ source: 'text' }), /holds lists/);
  });

  it('of a mapping let a record through by any filter, or all where there is none', () => {
    const filters = filterCriteria({
      Filters: [{ Pattern: '{"eventName":["REMOVE"]}' }, { Pattern: '{"eventName":["INSERT"]}' }],
    });
    assert.equal(filters(insert), true);
    assert.equal(filters({ eventName: 'MODIFY' }), false);
    assert.equal(filterCriteria(undefined)({ eventName: 'MODIFY' }), true);
  });
});
