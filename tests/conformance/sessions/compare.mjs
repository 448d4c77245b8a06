/** Two libraries' answers beside each other. */

/** `path of a field` → its value as text. */
function fieldsOf(value, path, fields) {
  if (value !== null && typeof value === 'object') {
    for (const [name, each] of Object.entries(value)) {
      fieldsOf(each, path === '' ? name : `${path}.${name}`, fields);
    }
    if (Object.keys(value).length === 0) fields.set(path, Array.isArray(value) ? '[]' : '{}');
  } else {
    fields.set(path, JSON.stringify(value));
  }
  return fields;
}

function shown(answer) {
  if (answer === undefined) return 'no answer';
  if ('died' in answer) return `the process ends with ${answer.died}`;
  if ('failed' in answer) return answer.failed ? `fails: ${answer.message}` : 'throws no Error';
  return 'answers';
}

const kindOf = (answer) => {
  if (answer === undefined || 'died' in answer) return 'dies';
  if ('failed' in answer) return answer.failed ? 'fails' : 'throws no Error';
  return 'answers';
};

/** @returns {string[]} what of the answers differs, one line a field; empty when they are the same */
export function differences(theirs, ours) {
  const [kind, own] = [kindOf(theirs), kindOf(ours)];
  if (kind !== own) return [`theirs: ${shown(theirs)}; ours: ${shown(ours)}`];
  if (own !== 'answers') return own === 'fails' ? [] : [shown(ours)];
  const [a, b] = [theirs, ours].map(({ value }) => fieldsOf(value, '', new Map()));
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => a.get(path) !== b.get(path))
    .map((path) => `${path}: theirs ${a.get(path)}, ours ${b.get(path)}`);
}
