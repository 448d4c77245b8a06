/** The verdict on two libraries' answers, for the suites in Node and in pages. */
import { differences } from './compare.mjs';
import { DIFFERENCES } from './differences.mjs';
import { GROUPS, programsOf } from './groups.mjs';

const answers = (answer) => answer !== undefined && 'value' in answer;

/**
 * @param {'node' | 'web' | 'page'} place
 * @param {Map<string, object>} theirs @param {Map<string, object>} ours
 * @returns {Map<string, string[]>} by program, what is wrong: nothing where all is as it should be
 */
export function judge(place, theirs, ours) {
  const listed = DIFFERENCES[place];
  const verdicts = new Map();
  for (const group of GROUPS) {
    for (const [program, , fails] of programsOf(group, place)) {
      const name = `${group} › ${program}`;
      verdicts.set(name, verdict(theirs.get(name), ours.get(name), fails, name in listed));
    }
  }
  for (const name of Object.keys(listed).filter((each) => !verdicts.has(each))) {
    verdicts.set(name, ['is listed in differences.mjs, and there is no such program']);
  }
  return verdicts;
}

function verdict(theirs, ours, fails, listed) {
  const found = differences(theirs, ours);
  if (listed) return found.length > 0 ? [] : ['agrees: strike it from differences.mjs'];
  if (found.length > 0) return found;
  if (fails && answers(ours)) return ['fails on neither, and should'];
  if (!fails && !answers(ours)) return [`fails on both, and should not: ${ours?.message}`];
  return [];
}
